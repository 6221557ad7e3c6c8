"""The commands of the desk. Each is one function on a unit of work; none commits."""
