"""Run the command with a server that ends kernels without a reader after five seconds, for tests shorter than its minute."""

from traitlets.config import Config

import command_center.serving.app as app
from command_center.cli import main

if __name__ == "__main__":
    patient = app._config

    def impatient(live_pages: int) -> Config:
        config = patient(live_pages)
        config.LiveKernels.unwatched_timeout = 5
        return config

    app._config = impatient
    main()
