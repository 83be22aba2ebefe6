"""The repository keeps its own rules: what may lie in it, what its modules may be called, import and say.

Looks at every file that git tracks or would track, so a new file is checked before it is committed.
"""

import ast
import csv
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.lacking import lacking

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "lib" / "command_center"
SECTORS = ROOT / "sectors"

MAX_FILE_BYTES = 1_000_000
MAX_MODULE_LINES = 400
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}

# Put together from parts, so that this file does not name what it forbids.
MACHINE_PATH = re.compile(
    r"(?<![\w.\-])/(?:" + "|".join(("work", "farm", "root")) + r")/|/tmp/" + r"(?:bash_jobs|studio)"
)
INDEX_ADDRESS = re.compile(
    r"https?://[^\s/\"'`]*(?:" + "|".join(("pypi", "pythonhosted", "npmjs", "anaconda", "debian")) + ")"
    r"|https?://[^\s\"'`]*/simple(?:/|\b)",
    re.IGNORECASE,
)

# Names of districts that are also words of the language: a library may well speak of them.
COMMON_WORDS = {"Jati"}  # teak

IMPORT_EVERYTHING = """
import importlib, json, os, sys
watched = [os.path.realpath(folder) + os.sep for folder in json.loads(sys.argv[1])]
touched, failed = [], {}

def watch(event, arguments):
    # The import system itself opens code and lists folders; all else is work that an import must not do.
    if event in ("open", "os.scandir") and isinstance(arguments[0], (str, bytes)):
        path = os.path.realpath(os.fsdecode(arguments[0]))
        is_code = path.endswith(".py") or "__pycache__" in path
        if any((path + os.sep).startswith(folder) for folder in watched) and not is_code:
            touched.append(module + " touches " + path)
    elif event in ("socket.connect", "sqlite3.connect"):
        touched.append(module + " connects")

sys.addaudithook(watch)
for module in json.loads(sys.argv[2]):
    try:
        importlib.import_module(module)
    except BaseException as error:
        failed[module] = repr(error)
print(json.dumps({"touched": touched, "failed": failed}))
"""


@cache
def repository_files() -> list[Path]:
    """Every file that git tracks or would track; where there is no git, the test says so."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        lacking("git or the repository's history is not here, so what is tracked cannot be known")
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    # A clone may belong to another user than the one who tests it.
    command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def text_of(path: Path) -> str:
    """The text of a file, empty for a binary one."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", errors="replace")


def lines_matching(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if pattern.search(line)
    ]


def python_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if ".ipynb_checkpoints" not in path.parts)


def module_name(path: Path, above: Path) -> str:
    parts = path.relative_to(above).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sector_folders() -> list[Path]:
    return [path for path in sorted(SECTORS.iterdir()) if path.is_dir() and path.name[0] not in "._"]


def is_test(path: Path) -> bool:
    return path.name.startswith("test_") or path.name == "conftest.py"


# --- what may lie in the repository ------------------------------------------------------------


def test_git_does_not_ignore_the_library() -> None:
    repository_files()
    result = git("check-ignore", "--no-index", "lib/command_center/errors.py", "lib/command_center/new.py")
    assert result.stdout == ""
    assert result.returncode == 1, result.stderr


def test_no_file_is_larger_than_a_megabyte() -> None:
    sizes = {str(path.relative_to(ROOT)): path.stat().st_size for path in repository_files()}
    assert {name: size for name, size in sizes.items() if size > MAX_FILE_BYTES} == {}


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    assert lines_matching(MACHINE_PATH, repository_files()) == []


def test_no_file_names_the_address_of_a_package_index() -> None:
    assert lines_matching(INDEX_ADDRESS, repository_files()) == []


@pytest.mark.parametrize(
    "line",
    [
        "see " + "/".join(("", "work", "shared")),
        'root = Path("' + "/".join(("", "root", "data")) + '")',
        "index-url = https://" + ".".join(("pypi", "org")) + "/simple",
        "https://mirror.example/" + "simple/",
    ],
)
def test_the_patterns_for_paths_and_addresses_find_what_they_should(line: str) -> None:
    assert MACHINE_PATH.search(line) or INDEX_ADDRESS.search(line)


def test_notebooks_are_stored_without_outputs_and_execution_counts() -> None:
    stored = [
        f"{path.relative_to(ROOT)}, cell {number}"
        for path in repository_files()
        if path.suffix == ".ipynb"
        for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], start=1)
        if cell.get("outputs") or cell.get("execution_count") is not None
    ]
    assert stored == []


def test_every_sector_folder_is_a_package() -> None:
    """Without __init__.py a folder can be imported, but the import contracts do not see it."""
    assert [path.name for path in sector_folders() if not (path / "__init__.py").is_file()] == []


# --- modules -----------------------------------------------------------------------------------


def test_no_module_has_a_name_that_says_nothing() -> None:
    parts = {
        f"{path.relative_to(ROOT)}"
        for folder in (LIBRARY, SECTORS, ROOT / "tests")
        for path in python_files(folder)
        for part in path.relative_to(folder).with_suffix("").parts
        if set(part.split("_")) & EMPTY_NAMES
    }
    assert parts == set()


def test_no_module_of_the_library_is_longer_than_four_hundred_lines() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files(LIBRARY)
    }
    assert {name: length for name, length in lengths.items() if length > MAX_MODULE_LINES} == {}


def test_every_module_and_public_function_of_the_library_says_what_it_is_for() -> None:
    silent = []
    for path in python_files(LIBRARY):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree):
            silent.append(f"{path.relative_to(ROOT)}: the module")
        silent += [
            f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert silent == []


def test_the_library_imports_no_sector() -> None:
    found = []
    for path in python_files(LIBRARY):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            found += [
                f"{path.relative_to(ROOT)}:{node.lineno}" for name in names if name.split(".")[0] == "sectors"
            ]
    assert found == []


def test_the_library_names_no_regency_and_no_district() -> None:
    with (ROOT / "data" / "reference" / "regions.csv").open(encoding="utf-8", newline="") as file:
        names = {row["name"] for row in csv.DictReader(file) if row["level"] in {"kab", "kec"}}
    assert names
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(names - COMMON_WORDS))) + r")\b")
    assert lines_matching(pattern, python_files(LIBRARY)) == []


def test_every_module_imports_without_data_and_without_touching_a_file(tmp_path: Path) -> None:
    (tmp_path / "sectors").mkdir()
    modules = [module_name(path, LIBRARY.parent) for path in python_files(LIBRARY)]
    modules += [module_name(path, ROOT) for path in python_files(SECTORS) if not is_test(path)]
    modules = [name for name in modules if not name.endswith("__main__")]
    watched = [str(tmp_path), str(LIBRARY), *(str(ROOT / name) for name in ("data", "sectors", "notebooks"))]
    run = subprocess.run(
        [sys.executable, "-P", "-c", IMPORT_EVERYTHING, json.dumps(watched), json.dumps(modules)],
        cwd=tmp_path,
        env={**os.environ, "COMMAND_CENTER_ROOT": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout.splitlines()[-1])
    assert report["failed"] == {}
    assert report["touched"] == []
    assert list(tmp_path.iterdir()) == [tmp_path / "sectors"]
