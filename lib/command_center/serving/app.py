"""Voila's standalone application with our handlers in front of it.

Voila's own page, tree, contents and file handlers are left out: they would serve any notebook of
the root and know nothing of editions. What remains of Voila is what a live page needs: kernel,
websocket, templates, static files, widgets.
"""

import logging
import os
from collections.abc import Callable
from typing import Any

from tornado.ioloop import PeriodicCallback
from traitlets import Instance
from traitlets.config import Config
from voila.app import Voila
from voila.static_file_handler import AllowListFileHandler
from voila.tornado.contentshandler import VoilaContentsHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from command_center.kernels.client import CLIENT_CLASS
from command_center.pages.house import House
from command_center.publishing import TEMPLATE_NAME
from command_center.serving.assets import FontHandler
from command_center.serving.downloads import EditionListHandler, MeasuresHandler
from command_center.serving.live import inject_parameters
from command_center.serving.notebooks import HouseNotebooks
from command_center.serving.pages import PageHandler
from command_center.serving.search import SearchHandler
from command_center.serving.submitting import (
    BlankWorkbookHandler,
    MarkedWorkbookHandler,
    ReceiptHandler,
    SendHandler,
    SubmissionListHandler,
)
from command_center.serving.warm import PUBLISHED_CHECK_SECONDS, WarmKernels

LEFT_OUT = (
    AllowListFileHandler,
    TornadoVoilaHandler,
    TornadoVoilaTreeHandler,
    VoilaContentsHandler,
)
IDLE_SECONDS = 600
RECEIPT = r"\d{8}-\d{4,}-[A-Z2-9]{4}"
CULL_EVERY_SECONDS = 30


class CommandCenterServer(Voila):  # type: ignore[misc]
    """Serves one house on one port, until it is stopped."""

    house = Instance(House)

    def init_settings(self) -> dict[str, Any]:
        """Return Voila's settings with our reader of notebooks."""
        return {**super().init_settings(), "contents_manager": HouseNotebooks(parent=self)}

    def start(self) -> None:
        """Serve until stopped, with warm kernels for as long."""
        warm = WarmKernels(self.house.settings, self.log)
        warm.start()
        published = PeriodicCallback(warm.renew_when_published, PUBLISHED_CHECK_SECONDS * 1000)
        published.start()
        try:
            super().start()
        finally:
            published.stop()
            warm.stop()

    def init_handlers(self) -> list[Any]:
        """Return our handlers, then those of Voila that a live page needs."""
        kept = [handler for handler in super().init_handlers() if handler[1] not in LEFT_OUT]
        live = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        ours = [
            (r"/assets/(?P<name>[\w.-]+)", FontHandler),
            (r"(?:/edisi/(?P<edition>[\w.-]+))?/(?:en/)?cari/", SearchHandler, {"house": self.house}),
            (r"(?:/edisi/[\w.-]+)?/(?:en/)?edisi/", EditionListHandler, {"house": self.house}),
            (
                r"(?:/edisi/(?P<edition>[\w.-]+))?/unduh/(?P<indicator>[\w.]+)/(?P<region>[\d.]+)\.csv",
                MeasuresHandler,
                {"house": self.house},
            ),
            (r"/(?:en/)?kirim/", SendHandler, {"house": self.house}),
            (r"/(?:en/)?kirim/daftar/", SubmissionListHandler, {"house": self.house}),
            (rf"/(?:en/)?kirim/(?P<receipt>{RECEIPT})/", ReceiptHandler, {"house": self.house}),
            (rf"/(?:en/)?kirim/(?P<receipt>{RECEIPT})\.xlsx", MarkedWorkbookHandler, {"house": self.house}),
            (r"/(?:en/)?kirim/blanko/(?P<dataset>[\w.]+)\.xlsx", BlankWorkbookHandler, {"house": self.house}),
            (r"(?P<path>/.*)", PageHandler, {"house": self.house, **live}),
        ]
        return [*kept, *ours]


def serve(
    house: House, port: int, *, address: str = "127.0.0.1", on_ready: Callable[[str], None] | None = None
) -> None:
    """Serve until interrupted; `on_ready` gets the address to open. OSError where the port is taken."""
    # Kernels inherit it: they find this house and no other.
    os.environ.update(house.settings.environment, JUPYTER_PATH=house.settings.jupyter_path)
    server = CommandCenterServer(config=_config(), house=house)
    server.root_dir = str(house.settings.root)
    server.port, server.ip, server.open_browser = port, address, False
    server.port_retries = 0
    server.initialize([])
    server.log_level = logging.WARNING
    if on_ready is not None:
        on_ready(f"http://{'localhost' if address in ('127.0.0.1', '0.0.0.0') else address}:{port}/")  # noqa: S104
    server.start()


def _config() -> Config:
    return Config(
        {
            "VoilaConfiguration": {
                "template": TEMPLATE_NAME,
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "show_tracebacks": False,
                "prelaunch_hook": inject_parameters,
                "extension_allowlist": [
                    "@jupyter-widgets/jupyterlab-manager",
                    "@voila-dashboards/widgets-manager8",
                ],
                "file_allowlist": [],
            },
            # Sockets in a folder of our own instead of ports that anyone on this machine can connect to.
            "KernelManager": {"transport": "ipc", "client_class": CLIENT_CLASS},
            "MappingKernelManager": {
                "cull_idle_timeout": IDLE_SECONDS,
                "cull_interval": CULL_EVERY_SECONDS,
                "cull_connected": False,
            },
        }
    )
