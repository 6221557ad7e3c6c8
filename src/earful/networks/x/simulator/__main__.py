"""`python -m earful.networks.x.simulator --port N --json`."""

from earful.networks.x.simulator.server import main

main()
