"""Voila's standalone application with our handlers in front of it.

Voila's own page, tree, contents and file handlers are left out: they would serve any notebook of
the root and know nothing of editions. What remains of Voila is what a live page needs: kernel,
websocket, templates, static files, widgets.
"""

import gc
import logging
import os
import threading
from collections.abc import Callable
from typing import Any

from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager
from tornado.ioloop import PeriodicCallback
from traitlets import Bool, Instance
from traitlets.config import Config
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import AllowListFileHandler, MultiStaticFileHandler
from voila.tornado.contentshandler import VoilaContentsHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from command_center.access import PUBLIK, VIEW_VARIABLE
from command_center.identity import Accounts, AuditLog, IdentityRegister
from command_center.kernels.client import CLIENT_CLASS
from command_center.pages.house import House
from command_center.publishing import TEMPLATE_NAME
from command_center.serving.accounts import ACCOUNTS, AccountHandler, LinkHandler, LoginHandler, LogoutHandler
from command_center.serving.assets import FontHandler
from command_center.serving.downloads import EditionListHandler, MeasuresHandler
from command_center.serving.figure_downloads import FigureNotebookHandler, FiguresWorkbookHandler
from command_center.serving.guard import AUDIT
from command_center.serving.headers import POLICY, HouseHeaders
from command_center.serving.identity_provider import HouseIdentity, KernelAuthorizer
from command_center.serving.latest import LatestHandler
from command_center.serving.letters import RequestLetterHandler
from command_center.serving.live import inject_parameters, page_config_of
from command_center.serving.live_kernels import LiveKernels, default_limit
from command_center.serving.notebooks import HouseNotebooks
from command_center.serving.pages import PageHandler
from command_center.serving.routes import behind_guards
from command_center.serving.search import SearchHandler
from command_center.serving.shutdown import OwnKernelShutdown
from command_center.serving.static_files import VoilaFileHandler, voila_files
from command_center.serving.submitting import (
    OPEN_INBOX,
    BlankWorkbookHandler,
    MarkedWorkbookHandler,
    ReceiptHandler,
    SendHandler,
    SubmissionListHandler,
)
from command_center.serving.verdicts import VerdictHandler
from command_center.serving.warm import PUBLISHED_CHECK_SECONDS, WARM, WarmKernels
from command_center.serving.websocket import LiveWebsocket

LEFT_OUT = (
    AllowListFileHandler,
    FileFindHandler,
    MultiStaticFileHandler,
    TornadoVoilaHandler,
    TornadoVoilaTreeHandler,
    VoilaContentsHandler,
    VoilaKernelWebsocketHandler,
    VoilaShutdownKernelHandler,
)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
IDLE_SECONDS = 600
PRELOAD_LIST = f"voila/templates/{TEMPLATE_NAME}/preload.txt"
SIGNAL = r"[a-z][a-z0-9_]*-[\w.]+-[0-9A-Z.-]+"
RECEIPT = r"\d{8}-\d{4,}-[A-Z2-9]{4}"
CULL_EVERY_SECONDS = 5
KERNEL_MEMORY_MB = 1500
KERNEL_LIFE_SECONDS = 4 * 3600
# Voila would write a script into a page whose cell takes longer than this, to keep a proxy patient.
CELL_SECONDS = 120


class CommandCenterServer(Voila):  # type: ignore[misc]
    """Serves one house on one port, until it is stopped."""

    house = Instance(House)
    warm = Instance(WarmKernels)
    open_inbox = Bool(False, help="Whether those without an account may send files in.")

    def init_settings(self) -> dict[str, Any]:
        """Return Voila's settings with our reader of notebooks, our accounts and our headers."""
        folder = self.house.settings.data_dir / "registers"
        # Kernels look here for one to share; each would make a logger of its own, which Python then keeps for ever.
        self.event_logger = ServerKernelManager().event_logger
        self.audit = AuditLog(folder / "audit.sqlite")
        return {
            **super().init_settings(),
            "contents_manager": HouseNotebooks(parent=self),
            "transforms": [HouseHeaders],
            # Named here too: otherwise Jupyter puts its own together for every answer, only to see it replaced.
            "headers": {"Content-Security-Policy": POLICY},
            "login_url": "/masuk/",
            ACCOUNTS: Accounts(IdentityRegister.of(self.house.settings)),
            AUDIT: self.audit,
            OPEN_INBOX: self.open_inbox,
            WARM: self.warm,
        }

    def listen(self) -> None:
        """Listen until stopped, and keep the audit log for as long."""
        self.audit.start(self.log.error)
        try:
            super().listen()
        finally:
            self.audit.stop()

    def start(self) -> None:
        """Serve until stopped, with warm kernels for as long."""
        warm = WarmKernels(self.house.settings, self.log)
        warm.start()
        published = PeriodicCallback(warm.renew_when_published, PUBLISHED_CHECK_SECONDS * 1000)
        published.start()
        self.warm = warm
        # What has been imported stays: searching it for garbage again and again would hold up a crowd of readers.
        gc.collect()
        gc.freeze()
        try:
            super().start()
        finally:
            published.stop()
            warm.stop()

    def init_handlers(self) -> list[Any]:
        """Return our handlers, then those of Voila that a live page needs."""
        kept = [handler for handler in super().init_handlers() if handler[1] not in LEFT_OUT]
        files = voila_files(
            self.static_paths, self.labextensions_path, self.house.settings.voila_templates_dir / PRELOAD_LIST
        )
        self.voila_configuration.page_config_hook = page_config_of(files)
        threading.Thread(target=files.prepare, name="voila-files", daemon=True).start()
        live = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        pages = {"house": self.house, **live}
        ours = [
            # First, because it is asked for most; what is no page of this grammar comes to it at the end.
            (
                (
                    r"(?P<path>/(?:edisi/[\w.-]+/)?(?:en/)?"
                    r"(?:(?:bidang|wilayah|indikator|briefing|masalah|kesiapan|jalan)/.*)?)"
                ),
                PageHandler,
                pages,
            ),
            (r"/assets/(?P<name>[\w.-]+)", FontHandler),
            (
                r"/voila/(?P<kind>static|labextensions)/(?P<fingerprint>[0-9a-f]{12})/(?P<name>.+)",
                VoilaFileHandler,
                {"files": files},
            ),
            (r"/edisi/terbaru\.json", LatestHandler, {"house": self.house}),
            (r"(?:/edisi/(?P<edition>[\w.-]+))?/(?:en/)?cari/", SearchHandler, {"house": self.house}),
            (r"(?:/edisi/[\w.-]+)?/(?:en/)?edisi/", EditionListHandler, {"house": self.house}),
            (
                r"(?:/edisi/(?P<edition>[\w.-]+))?/unduh/(?P<indicator>[\w.]+)/(?P<region>[\d.]+)\.csv",
                MeasuresHandler,
                {"house": self.house},
            ),
            (
                r"(?:/edisi/(?P<edition>[\w.-]+))?/(?:en/)?unduh/(?P<indicator>[\w.]+)/(?P<region>[\d.]+)\.xlsx",
                FiguresWorkbookHandler,
                {"house": self.house},
            ),
            (
                r"(?:/edisi/(?P<edition>[\w.-]+))?/(?:en/)?unduh/(?P<indicator>[\w.]+)/(?P<region>[\d.]+)\.ipynb",
                FigureNotebookHandler,
                {"house": self.house},
            ),
            (r"/(?:en/)?kirim/", SendHandler, {"house": self.house}),
            (r"/(?:en/)?kirim/daftar/", SubmissionListHandler, {"house": self.house}),
            (rf"/(?:en/)?kirim/(?P<receipt>{RECEIPT})/", ReceiptHandler, {"house": self.house}),
            (rf"/(?:en/)?kirim/(?P<receipt>{RECEIPT})\.xlsx", MarkedWorkbookHandler, {"house": self.house}),
            (r"/(?:en/)?kirim/blanko/(?P<dataset>[\w.]+)\.xlsx", BlankWorkbookHandler, {"house": self.house}),
            (rf"/(?:en/)?putusan/(?P<signal>{SIGNAL})/", VerdictHandler, {"house": self.house}),
            (
                r"/(?:en/)?surat-permintaan/(?P<agency>[0-9A-Z]+(?:\.[0-9A-Z]+)+)(?P<form>/|\.pdf|\.zip)",
                RequestLetterHandler,
                {"house": self.house},
            ),
            (r"/(?:en/)?masuk/", LoginHandler, {"house": self.house}),
            (r"/(?:en/)?keluar/", LogoutHandler, {"house": self.house}),
            (r"/(?:en/)?akun/", AccountHandler, {"house": self.house}),
            (r"/(?:en/)?akun/mulai/(?P<token>[\w-]{43})/", LinkHandler, {"house": self.house}),
            (r"/api/kernels/(?P<kernel_id>[\w-]+)/channels", LiveWebsocket),
            (r"/voila/api/shutdown/(?P<kernel_id>[\w-]+)", OwnKernelShutdown),
            (r"(?P<path>/.*)", PageHandler, pages),
        ]
        return behind_guards([ours[0], *kept, *ours[1:]])


def serve(
    house: House,
    port: int,
    *,
    address: str = "127.0.0.1",
    open_inbox: bool | None = None,
    live_pages: int | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until interrupted; `on_ready` gets the address to open. OSError where the port is taken.

    `open_inbox` lets those without an account send files in; None: on this machine only. `live_pages` may be
    open at once, None for as many as this machine carries; further readers keep the finished page.
    """
    # Kernels inherit it: they find this house and no other, and see what everybody may see unless told otherwise.
    os.environ.update(
        house.settings.environment, JUPYTER_PATH=house.settings.jupyter_path, **{VIEW_VARIABLE: PUBLIK.key}
    )
    server = new_server(house, live_pages)
    server.open_inbox = address in LOOPBACK if open_inbox is None else open_inbox
    server.port, server.ip, server.open_browser = port, address, False
    server.port_retries = 0
    server.initialize([])
    server.log_level = logging.WARNING
    if on_ready is not None:
        on_ready(f"http://{'localhost' if address in ('127.0.0.1', '0.0.0.0') else address}:{port}/")  # noqa: S104
    server.start()


def new_server(house: House, live_pages: int | None = None) -> CommandCenterServer:
    """Return the server of a house with our accounts and rules, not initialized and not listening."""
    server = CommandCenterServer(config=_config(live_pages or default_limit()), house=house)
    server.identity_provider_class = HouseIdentity
    server.authorizer_class = KernelAuthorizer
    server.root_dir = str(house.settings.root)
    return server


def _config(live_pages: int) -> Config:
    return Config(
        {
            "VoilaConfiguration": {
                "template": TEMPLATE_NAME,
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "show_tracebacks": False,
                "http_keep_alive_timeout": CELL_SECONDS,
                "multi_kernel_manager_class": LiveKernels,
                "prelaunch_hook": inject_parameters,
                "extension_allowlist": [
                    "@jupyter-widgets/jupyterlab-manager",
                    "@voila-dashboards/widgets-manager8",
                ],
                "file_allowlist": [],
            },
            # Sockets in a folder of our own instead of ports that anyone on this machine can connect to.
            # A kernel that has died is not started anew: it would know nothing of the page that waits for it.
            "KernelManager": {"transport": "ipc", "client_class": CLIENT_CLASS, "autorestart": False},
            "LiveKernels": {"max_kernels": live_pages},
            "WarmForkProvisioner": {
                "memory_limit_mb": KERNEL_MEMORY_MB,
                "wall_limit_s": float(KERNEL_LIFE_SECONDS),
            },
            "MappingKernelManager": {
                "cull_idle_timeout": IDLE_SECONDS,
                "cull_interval": CULL_EVERY_SECONDS,
                "cull_connected": False,
            },
        }
    )
