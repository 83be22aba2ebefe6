"""pyproject.toml is the one source of dependencies; the lock and the conda file must follow it.

Reads the three files and the imports of the code; asks no index.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

CONDA_TO_PYPI = {"python-duckdb": "duckdb"}  # every other name differs by - and _ only
ONLY_CONDA = {"python", "pip"}

LOCKED = re.compile(r"^(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[^ ]+)(?: ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
# uv names who asked for a package: another package, or pyproject.toml and its extra.
ORIGIN = re.compile(r"^    #(?: via)?(?: +[a-z0-9-]+ \(pyproject\.toml\)| +[a-z0-9.-]+)?$")


def runtime_requirements() -> list[Requirement]:
    return [Requirement(text) for text in PROJECT["project"]["dependencies"]]


def all_requirements() -> list[Requirement]:
    dev = [Requirement(text) for text in PROJECT["project"]["optional-dependencies"]["dev"]]
    return runtime_requirements() + dev


def locked_versions() -> dict[str, Version]:
    found = (LOCKED.match(line) for line in LOCK.splitlines())
    return {match["name"]: Version(match["version"]) for match in found if match}


def environment_specifiers() -> dict[str, SpecifierSet]:
    entries = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    flat = [entry for entry in entries if isinstance(entry, str)]
    flat += [line for entry in entries if isinstance(entry, dict) for line in entry["pip"]]
    requirements = [Requirement(text) for text in flat if not text.startswith("--editable")]
    names = {canonicalize_name(requirement.name): requirement.specifier for requirement in requirements}
    return {CONDA_TO_PYPI.get(name, name): specifier for name, specifier in names.items()}


def imported_modules(folder: Path) -> Iterator[tuple[str, Path]]:
    """Top names of all imports below a folder, each with the file it stands in."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((alias.name.partition(".")[0], path) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0], path


def undeclared_imports(folder: Path, declared: set[str]) -> set[str]:
    """Third-party modules imported below a folder whose distribution is not among the declared names."""
    own = {"command_center", "sectors", "tests", "conftest"}
    distributions = packages_distributions()
    return {
        f"{name} in {path.relative_to(ROOT)}"
        for name, path in imported_modules(folder)
        if name not in sys.stdlib_module_names
        and name not in own
        and not declared & {canonicalize_name(found) for found in distributions.get(name, [])}
    }


@pytest.mark.parametrize("requirement", all_requirements(), ids=lambda requirement: requirement.name)
def test_the_lock_holds_a_version_that_fits_each_dependency(requirement: Requirement) -> None:
    version = locked_versions().get(canonicalize_name(requirement.name))
    assert version is not None, f"{requirement.name} is not in requirements.lock; run `make lock`"
    assert requirement.specifier.contains(version)


@pytest.mark.parametrize("requirement", all_requirements(), ids=lambda requirement: requirement.name)
def test_the_conda_file_gives_each_dependency_the_same_bounds(requirement: Requirement) -> None:
    specifiers = environment_specifiers()
    name = canonicalize_name(requirement.name)
    assert name in specifiers, f"{requirement.name} is not in environment.yml"
    assert specifiers[name] == requirement.specifier


def test_the_conda_file_asks_for_nothing_that_the_project_does_not_declare() -> None:
    declared = {canonicalize_name(requirement.name) for requirement in all_requirements()}
    assert set(environment_specifiers()) - declared == ONLY_CONDA


def test_the_conda_file_wants_the_python_that_the_project_wants() -> None:
    assert environment_specifiers()["python"] == SpecifierSet(PROJECT["project"]["requires-python"])


def test_the_conda_file_reads_one_open_channel() -> None:
    assert yaml.safe_load((ROOT / "environment.yml").read_text())["channels"] == ["conda-forge"]


def test_every_locked_version_has_its_hashes() -> None:
    lines = [line for line in LOCK.splitlines() if not line.lstrip().startswith("#")]
    bare = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if LOCKED.match(line) and not HASH.match(following)
    ]
    assert locked_versions()
    assert bare == []


def test_the_lock_holds_names_versions_and_hashes_only() -> None:
    foreign = [
        line
        for line in LOCK.splitlines()
        if not (LOCKED.match(line) or HASH.match(line) or ORIGIN.match(line) or line.startswith("#"))
    ]
    assert foreign == []
    assert "://" not in LOCK
    assert {line for line in LOCK.splitlines() if line.startswith("#")} <= {
        "# This file was autogenerated by uv via the following command:",
        "#    make lock",
    }


def test_the_lock_holds_the_build_backend_so_that_installing_fetches_nothing_unlocked() -> None:
    for text in PROJECT["build-system"]["requires"]:
        requirement = Requirement(text)
        assert requirement.specifier.contains(locked_versions()[requirement.name])


@pytest.mark.parametrize(("name", "floor"), [("voila", "0.5.13"), ("jupyter-server", "2.20")])
def test_versions_with_known_serious_holes_cannot_be_installed(name: str, floor: str) -> None:
    requirement = next(found for found in runtime_requirements() if found.name == name)
    bounds = {specifier.operator: Version(specifier.version) for specifier in requirement.specifier}
    assert bounds[">="] >= Version(floor)


def test_the_library_and_the_sectors_import_only_declared_dependencies() -> None:
    declared = {canonicalize_name(requirement.name) for requirement in runtime_requirements()}
    in_library = undeclared_imports(ROOT / "lib", declared)
    in_sectors = undeclared_imports(
        ROOT / "sectors", declared | {"pytest", "hypothesis"}
    )  # their tests lie beside
    assert in_library | in_sectors == set()


# A benchmark makes a place apart for them: pm4py is AGPL and lifelines wants an older pandas than ours.
INSTALLED_APART = {"lifelines in tests/bench/letters_children.py", "pm4py in tests/bench/letters_children.py"}


def test_the_tests_import_only_declared_dependencies() -> None:
    declared = {canonicalize_name(requirement.name) for requirement in all_requirements()}
    # packaging comes with pytest
    assert undeclared_imports(ROOT / "tests", declared | {"packaging"}) == INSTALLED_APART


def test_what_is_installed_apart_is_no_dependency() -> None:
    declared = {canonicalize_name(requirement.name) for requirement in all_requirements()}
    assert declared.isdisjoint({"lifelines", "pm4py"})
