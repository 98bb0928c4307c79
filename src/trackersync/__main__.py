"""`python -m trackersync`."""

from trackersync.cli import main

main()
