"""Run the command with editions that have no pages, for tests about everything else."""

import command_center.refresh.run
from command_center.cli import main

if __name__ == "__main__":
    command_center.refresh.run.pages_of_edition = lambda *_: []
    main()
