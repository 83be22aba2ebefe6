"""The remote ways in: CKAN portals and single files over http, each read only where it changed.

What arrives lies in the inbox with a sidecar and waits for the door, which finds it by `landed_files`; nothing
here opens a table.
"""

from command_center.ingest.sources.declaration import CkanSource, HttpSource, load_sources, read_token
from command_center.ingest.sources.download import download
from command_center.ingest.sources.harvest import harvest
from command_center.ingest.sources.landed import LandedFile, landed_files
from command_center.ingest.sources.landing import SIDECAR_SUFFIX, SourcePaths
from command_center.ingest.sources.report import Item, SourceReport

__all__ = [
    "SIDECAR_SUFFIX",
    "CkanSource",
    "HttpSource",
    "Item",
    "LandedFile",
    "SourcePaths",
    "SourceReport",
    "download",
    "harvest",
    "landed_files",
    "load_sources",
    "read_token",
]
