"""`python -m earful.networks.rehearsal --port N --seed S --rate R --ledger FILE`."""

from earful.networks.rehearsal.server import main

main()
