"""`python -m command_center.cli` is `command-center`."""

from command_center.cli.app import main

main()
