"""From the bytes of a file to raw grids of text, one per sheet; nothing is corrected and no header is known here."""

from command_center.ingest.readers.grid import Kind, Merge, RawFile, Sheet
from command_center.ingest.readers.guards import Limits
from command_center.ingest.readers.read import read_file

__all__ = ["Kind", "Limits", "Merge", "RawFile", "Sheet", "read_file"]
