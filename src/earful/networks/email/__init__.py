"""Email: a mailbox as a channel, read by IMAP and answered by SMTP."""

from earful.networks.email.network import EmailNetwork

NETWORK = EmailNetwork()
