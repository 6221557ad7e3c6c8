"""Who may come in and what they may do: people, passwords, sessions, secrets, audit."""
