"""What is refused before a file is opened: empty, too large, locked with a password, an archive that bursts.

Looks at the bytes, never at the file's name; writes nothing to disk.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from command_center.ingest.refusals import IngestError

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FILLED = re.compile(rb"[^\0 \r\n\t\xef\xbb\xbf]")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_MEGABYTE = 1_000_000
_CHUNK = 1 << 20
_ENCRYPTED_FLAG = 0x1


@dataclass(frozen=True)
class Limits:
    """How large a file may be, packed and unpacked; the ratio counts only above `ratio_from_bytes`.

    `cells` and `columns` bound the grid of one sheet, from its first cell to the farthest that holds a value.
    """

    file_bytes: int = 250 * _MEGABYTE
    unpacked_bytes: int = 2_000 * _MEGABYTE
    ratio: float = 200.0
    ratio_from_bytes: int = 20 * _MEGABYTE
    archive_members: int = 5_000
    cells: int = 30_000_000
    columns: int = 2_000


def guard_size(content: bytes, name: str, limits: Limits) -> None:
    """Raise IngestError for an empty file and for one above the size limit."""
    if _FILLED.search(content) is None:
        raise IngestError(
            "empty_file",
            "The file is empty",
            where=name,
            next_step="send the file again; the transfer may have failed",
        )
    if len(content) > limits.file_bytes:
        raise IngestError(
            "file_too_large",
            f"The file has {len(content) / _MEGABYTE:.0f} MB, at most {limits.file_bytes / _MEGABYTE:.0f} are taken",
            where=name,
            next_step="send it in parts, or without pictures and unused sheets",
        )


def guard_password(content: bytes, name: str) -> None:
    """Raise IngestError for an Office file that is encrypted: OOXML inside an OLE container, or a locked zip."""
    if content.startswith(OLE_MAGIC) and _ENCRYPTED_STREAM in content:
        raise password_protected(name)


def password_protected(name: str) -> IngestError:
    """Return the refusal of a file locked with a password."""
    return IngestError(
        "password_protected",
        "The file is locked with a password",
        where=name,
        next_step="save it without a password and send it again",
    )


def corrupt(name: str, detail: str) -> IngestError:
    """Return the refusal of a file that is broken."""
    return IngestError(
        "corrupt_file",
        f"The file is broken and cannot be read ({detail})",
        where=name,
        next_step="open it, save it again under its format, and send that",
    )


def too_large(where: str, rows: int, columns: int, cell: str) -> IngestError:
    """Return the refusal of a sheet that reaches farther than any table; `cell` names what stands far out."""
    farthest = f", farthest out stands {cell}" if cell else ""
    return IngestError(
        "sheet_too_large",
        f"The sheet spans {rows:,} rows and {columns:,} columns{farthest}",
        where=where,
        next_step="delete the stray cells, rows and columns around the table, save, and send it again",
    )


def open_archive(content: bytes, name: str, limits: Limits) -> zipfile.ZipFile:
    """Return the archive after reading it through once within the limits.

    Raises IngestError: archive_bomb, archive_unsafe, password_protected, corrupt_file. Sizes that an archive states are not
    believed: every member is unpacked in pieces and counted.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise corrupt(name, "not a whole archive") from error
    members = archive.infolist()
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
        raise password_protected(name)
    unsafe = next((member.filename for member in members if _leads_outside(member.filename)), None)
    if unsafe is not None:
        raise IngestError(
            "archive_unsafe",
            f"The archive holds a file that would unpack outside its folder: {unsafe[:80]}",
            where=name,
            next_step="send the table itself, not an archive; tell the walidata if you did not make this file",
        )
    if len(members) > limits.archive_members:
        raise _bomb(name, f"{len(members)} files inside")
    _check_unpacked(sum(member.file_size for member in members), len(content), name, limits)
    _read_through(archive, members, len(content), name, limits)
    return archive


def _leads_outside(member: str) -> bool:
    path = PurePosixPath(member.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in path.parts[0] if path.parts else False


def _read_through(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], packed: int, name: str, limits: Limits
) -> None:
    unpacked = 0
    try:
        for member in members:
            with archive.open(member) as stream:
                while chunk := stream.read(_CHUNK):
                    unpacked += len(chunk)
                    _check_unpacked(unpacked, packed, name, limits)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, zlib.error) as error:
        raise corrupt(name, "a part of the archive does not unpack") from error


def _check_unpacked(unpacked: int, packed: int, name: str, limits: Limits) -> None:
    if unpacked > limits.unpacked_bytes:
        raise _bomb(name, f"more than {limits.unpacked_bytes / _MEGABYTE:.0f} MB unpacked")
    if unpacked > limits.ratio_from_bytes and unpacked > limits.ratio * packed:
        raise _bomb(name, f"{unpacked / packed:.0f} times its size unpacked")


def _bomb(name: str, detail: str) -> IngestError:
    return IngestError(
        "archive_bomb",
        f"The archive unpacks beyond all measure ({detail}) and was not opened",
        where=name,
        next_step="send the table itself, not an archive; tell the walidata if you did not make this file",
    )
