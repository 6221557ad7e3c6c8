"""`python -m earful` is the `earful` command."""

from earful.cli import main

main()
