"""Which column of a table says what: guessed from its header, shown before it is used, overruled by the reader."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from command_center.errors import CommandCenterError

NEEDED = ("case", "activity", "time")
ROLES = (*NEEDED, "unit", "resource", "transition", "direction", "urgency", "security", "parent")
# Headers by role, the surest first: XES (IEEE 1849) names, the fields of the domain's event log, common ones.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "case": (
        "case:concept:name", "id_surat", "case_id", "caseid", "case", "nomor_surat", "no_surat", "surat_id", "letter_id",
        "id_kasus", "trace", "trace_id",
    ),
    "activity": (
        "concept:name", "aktivitas", "activity", "activity_name", "event", "event_name", "kegiatan", "tahap", "langkah",
        "task", "aksi", "status",
    ),
    "time": (
        "time:timestamp", "waktu", "timestamp", "complete_timestamp", "completetimestamp", "tanggal_waktu", "time",
        "event_time", "datetime", "created_at", "tanggal", "date", "jam",
    ),
    "unit": ("org:group", "unit", "unit_kerja", "kode_unit", "group", "department", "bagian", "opd", "kode_opd"),
    "resource": ("org:resource", "aktor_jabatan", "org:role", "resource", "role", "jabatan", "aktor", "actor", "user"),
    "transition": ("lifecycle:transition", "siklus", "transition", "lifecycle"),
    "direction": ("arah", "case:arah", "direction", "jenis_surat"),
    "urgency": ("sifat", "case:sifat", "urgency", "kesegeraan", "derajat_kesegeraan"),
    "security": ("keamanan", "case:keamanan", "security", "klasifikasi", "klasifikasi_keamanan"),
    "parent": ("induk_id", "case:induk_id", "parent_id", "reply_to"),
}  # fmt: skip
_NOT_WORDS = re.compile(r"[^a-z0-9:]+")
STARTER = "the person who started the command"


class EventLogError(CommandCenterError):
    """A log that cannot be read, or whose columns cannot be told apart."""


@dataclass(frozen=True)
class ColumnMapping:
    """The column of each role; a role that the table does not have is not a key."""

    columns: Mapping[str, str]

    def __getitem__(self, role: str) -> str:
        return self.columns[role]

    def only(self, roles: Iterable[str]) -> "ColumnMapping":
        """Return the mapping of the needed roles and the given ones."""
        wanted = {*NEEDED, *roles}
        return ColumnMapping({role: name for role, name in self.columns.items() if role in wanted})


def guess_mapping(
    headers: Sequence[str], chosen: Mapping[str, str] | None = None, *, where: str = ""
) -> ColumnMapping:
    """Return the column of each role: the reader's choice, else the header most like the role's usual names.

    Raises EventLogError where a chosen column does not exist, and where case, activity or time cannot be guessed.
    """
    given = {role: name for role, name in (chosen or {}).items() if name}
    for role, name in given.items():
        if name not in headers:
            raise _no_such_column(role, name, headers, where)
    columns = dict(given)
    for role in ROLES:
        free = [header for header in headers if header not in columns.values()]
        if role not in columns and (found := _best(role, free)):
            columns[role] = found
    lacking = [role for role in NEEDED if role not in columns]
    if lacking:
        raise EventLogError(
            f"Which column holds the {' and the '.join(lacking)} cannot be told",
            where=where,
            who=STARTER,
            next_step=" ".join(f"--{role} COLUMN" for role in lacking) + f", one of: {_listed(headers)}",
        )
    return ColumnMapping({role: columns[role] for role in ROLES if role in columns})


def _best(role: str, headers: Sequence[str]) -> str:
    plain = {_plain(header): header for header in reversed(headers)}
    return next((plain[name] for name in _NAMES[role] if name in plain), "")


def _plain(header: str) -> str:
    return _NOT_WORDS.sub("_", header.strip().lower()).strip("_")


def _no_such_column(role: str, name: str, headers: Sequence[str], where: str) -> EventLogError:
    return EventLogError(
        f"There is no column {name!r} for the {role}",
        where=where,
        who=STARTER,
        next_step=f"choose one of: {_listed(headers)}",
    )


def _listed(headers: Sequence[str]) -> str:
    return ", ".join(header[:60] for header in headers[:40])
