"""Which texts the source gives to the translator, and where a catalog does not keep step with them.

For tests and for whoever edits a catalog. It reads source as text, runs none of it and writes no file.
"""

import ast
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from command_center.locale.translator import CATALOGS, LocaleError

_ONE_TEXT = frozenset({"t", "translatable"})
_TWO_TEXTS = frozenset({"tn"})
_SKIPPED_FOLDERS = frozenset({".ipynb_checkpoints", "__pycache__", ".venv"})


@dataclass(frozen=True, order=True)
class Message:
    """One text of the source: its singular, its plural ("" when it has none) and the first place it stands."""

    singular: str
    plural: str
    where: str


def find_messages(paths: Iterable[Path]) -> list[Message]:
    """Return every literal text given to `t`, `tn` or `translatable` under `paths`, once, sorted.

    Reads .py files and the code cells of .ipynb files. A text built with an f-string, `+` or `%` at the call
    can never be in a catalog: LocaleError names the place.
    """
    found: dict[tuple[str, str], Message] = {}
    for path in _sources(paths):
        for code, label in _code(path):
            for message in _messages(code, label):
                found.setdefault((message.singular, message.plural), message)
    return sorted(found.values())


def catalog_gaps(messages: Iterable[Message], language: str, folder: Path = CATALOGS) -> list[str]:
    """Return one sentence per fault of a catalog: missing, empty, fuzzy, stale, or with other placeholders."""
    with (folder / f"{language}.po").open("rb") as file:
        entries = read_po(file, locale=language)
    wanted = {message.singular: message for message in messages}
    return [*_missing(wanted, entries), *_faulty(wanted, entries)]


def _sources(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_file():
            yield path
            continue
        for file in sorted(path.rglob("*")):
            if file.suffix in (".py", ".ipynb") and not _SKIPPED_FOLDERS.intersection(file.parts):
                yield file


def _code(path: Path) -> Iterator[tuple[str, str]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield text, str(path)
        return
    for number, cell in enumerate(json.loads(text)["cells"], start=1):
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        # Line magics are not Python; a blank line keeps the numbering.
        plain = "\n".join(
            "" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()
        )
        yield plain, f"{path}, cell {number}"


def _messages(code: str, label: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(code, filename=label)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        where = f"{label}:{node.lineno}"
        if name in _ONE_TEXT:
            for text in _literals(node.args[0], where):
                yield Message(text, "", where)
        elif name in _TWO_TEXTS and len(node.args) > 1:
            for singular in _literals(node.args[0], where):
                for plural in _literals(node.args[1], where):
                    yield Message(singular, plural, where)


def _literals(node: ast.expr, where: str) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body, where)
        yield from _literals(node.orelse, where)
    elif isinstance(node, ast.JoinedStr | ast.BinOp):
        raise LocaleError(
            "A text is put together at the call to the translator",
            where=where,
            who="the author of the call",
            next_step="write one literal text with {names} and pass the values by name",
        )


def _missing(wanted: dict[str, Message], entries: Catalog) -> Iterator[str]:
    for singular, message in wanted.items():
        if entries.get(singular) is None:
            yield f"missing: {singular!r} ({message.where})"


def _faulty(wanted: dict[str, Message], entries: Catalog) -> Iterator[str]:
    for entry in entries:
        if not entry.id:
            continue
        singular = entry.id[0] if isinstance(entry.id, tuple | list) else entry.id
        texts = [entry.string] if isinstance(entry.string, str) else list(entry.string or ())
        if singular not in wanted:
            yield f"stale: {singular!r} is in the catalog, not in the source"
            continue
        if entry.fuzzy:
            yield f"fuzzy: {singular!r}"
        if bool(wanted[singular].plural) != entry.pluralizable:
            yield f"plural: {singular!r} has a plural on one side only"
        for text in texts:
            if not text:
                yield f"empty: {singular!r}"
            elif _placeholders(text) != _placeholders(singular):
                yield f"placeholders differ: {singular!r} -> {text!r}"


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
