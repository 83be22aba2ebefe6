"""A real CKAN on loopback: 40 datasets of 12 organisations, each as a file and as a datastore.

The first start on a machine installs CKAN (about a minute); what was installed is kept for the next run, the
portal's data never is. The tests follow one portal through its life, so their order matters.
"""

import csv
import fcntl
import hashlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ckanapi
import pytest

from command_center.ingest.sources import CkanSource, SourcePaths, harvest
from command_center.ingest.sources.failures import AccessDeniedError, SourceUnavailableError
from command_center.ingest.sources.ledger import open_ledger
from command_center.ingest.sources.web import Limits
from command_center.settings import Settings
from tests.lacking import lacking

pytestmark = pytest.mark.slow

STARTER = Path(__file__).resolve().parents[4] / "shared" / "ckan" / "ckan-up"
# Not under pytest's own folder, which only its owner may enter: PostgreSQL runs as another user. A starter that
# installs something else gets a folder of its own.
_VERSION = hashlib.sha256(STARTER.read_bytes()).hexdigest()[:8] if STARTER.is_file() else "none"
KEPT = Path(f"/var/tmp/command-center-ckan-{_VERSION}")  # noqa: S108 (checked to be root's)
ORGANISATIONS = 12
DATASETS = 40
LEFT = DATASETS - 2  # once two were deleted
LONG_TABLE, LONG_ROWS, PAGE_ROWS = "data-07", 2_345, 1_000
QUICK = Limits(attempts=2, connect_seconds=5, silence_seconds=30)


def start_ckan(arguments: list[str], log: Path, *, with_uv: bool = False) -> str:
    """Run the starter and return what it prints; through a file, since what it starts keeps its output open."""
    environment = dict(os.environ)
    if with_uv:
        environment["PATH"] = f"{link_to_uv()}{os.pathsep}{environment['PATH']}"
    with log.open("w+") as output:
        done = subprocess.run(
            ["bash", str(STARTER), str(KEPT), *arguments],
            stdout=output,
            stderr=output,
            env=environment,
            check=False,
            timeout=900,
        )
        output.seek(0)
        told = output.read()
    assert done.returncode == 0, told + tail(KEPT / "up.log")
    return told


def link_to_uv() -> Path:
    """A folder that holds uv alone: beside it in this environment lies a python3 that is not the machine's."""
    folder = KEPT / "bin"
    folder.mkdir(exist_ok=True)
    link = folder / "uv"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(sys.executable).parent / "uv")
    return folder


def tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:] if log.is_file() else ""


def free_ports(number: int) -> int:
    """The first of a row of ports that nobody uses."""
    for first in range(20_000 + os.getpid() % 10_000, 60_000, number):
        try:
            for port in range(first, first + number):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise AssertionError("no free ports")


class Ckan:
    """The running portal, seen as its administrator."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token
        self.port = url.rpartition(":")[2]
        self.api = ckanapi.RemoteCKAN(url, apikey=token)
        self.restarted: subprocess.Popen | None = None

    def kill(self) -> None:
        pid_file = KEPT / "ckan.pid"
        os.kill(int(pid_file.read_text()), signal.SIGKILL)
        # Its number may soon be another process's, and the starter would stop that one.
        pid_file.unlink()
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", int(self.port))):
                    return
            time.sleep(0.05)
        raise AssertionError("CKAN still answers")

    def restart(self) -> None:
        """Start CKAN alone: its databases and its search are still up."""
        command = [KEPT / "v/bin/ckan", "-c", KEPT / "ckan.ini", "run", "-p", self.port, "--disable-reloader"]
        with (KEPT / "ckan.log").open("a") as log:
            self.restarted = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        (KEPT / "ckan.pid").write_text(str(self.restarted.pid))
        for _ in range(240):
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", int(self.port))):
                    return
            assert self.restarted.poll() is None, tail(KEPT / "ckan.log")
            time.sleep(0.25)
        raise AssertionError("CKAN did not start again")

    def fill(self) -> None:
        for number in range(ORGANISATIONS):
            self.api.action.organization_create(name=organisation(number), title=f"Dinas {number:02}")
        # The first one alone: CKAN makes what all share on first use, and trips over itself in parallel.
        self.add(0)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self.add, range(1, DATASETS)))

    def add(self, number: int) -> None:
        name = f"data-{number:02}"
        client = ckanapi.RemoteCKAN(self.url, apikey=self.token)
        with client:
            client.action.package_create(
                name=name,
                title=f"Data {number:02}",
                owner_org=organisation(number),
                license_id="cc-by",
                tags=[{"name": "contoh"}],
                author="Orang Contoh",
                author_email="orang@contoh.example",
                notes="Hubungi Orang Contoh",
            )
            client.action.resource_create(
                package_id=name,
                name="Berkas",
                format="CSV",
                upload=("tabel.csv", io.BytesIO(file_content(number, 1))),
            )
            client.action.datastore_create(
                resource={"package_id": name, "name": "Tabel", "format": "CSV"},
                fields=[{"id": "wilayah", "type": "text"}, {"id": "nilai", "type": "numeric"}],
                records=table_rows(LONG_ROWS if name == LONG_TABLE else 3),
                force=True,
            )

    def resource(self, dataset: str, name: str) -> str:
        resources = self.api.action.package_show(id=dataset)["resources"]
        return next(one["id"] for one in resources if one["name"] == name)


def organisation(number: int) -> str:
    return f"dinas-{number % ORGANISATIONS:02}"


def file_content(number: int, version: int) -> bytes:
    return f"kode,nilai\n99.{number:02},{version}\n".encode()


def table_rows(count: int) -> list[dict]:
    return [
        {"wilayah": f'Desa {number}, "Contoh"', "nilai": f"{number}.10"} for number in range(1, count + 1)
    ]


def has_debian_packages() -> bool:
    servers = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return bool(servers and shutil.which("redis-server") and shutil.which("curl"))


@pytest.fixture(scope="module")
def ckan(tmp_path_factory):
    reasons = [
        ("needs root, to run PostgreSQL as its own user", os.geteuid() != 0),
        ("needs ../shared/ckan/ckan-up", not STARTER.is_file()),
        ("needs apt install postgresql redis-server curl", not has_debian_packages()),
    ]
    for reason, is_so in reasons:
        if is_so:
            lacking(reason)
    KEPT.mkdir(mode=0o755, exist_ok=True)
    assert KEPT.stat().st_uid == 0, f"{KEPT} belongs to somebody else"
    logs = tmp_path_factory.mktemp("ckan")
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        began = time.monotonic()
        is_installed = (KEPT / "clean").is_dir()
        portal = None
        try:
            port = str(free_ports(4))
            begin_clean(logs, port)
            portal = Ckan(**json.loads(start_ckan([port], logs / "start").splitlines()[-1]))
            started = time.monotonic()
            portal.fill()
            state = "started" if is_installed else "installed and started"
            print(f"\nCKAN {state} in {started - began:.0f} s, filled in {time.monotonic() - started:.0f} s")
            yield portal
        finally:
            start_ckan(["stop"], logs / "stop")
            if portal:
                portal.api.close()
                if portal.restarted:
                    portal.restarted.wait(timeout=30)
            (KEPT / "ckan.pid").unlink(missing_ok=True)
            (KEPT / "index.pid").unlink(missing_ok=True)


def begin_clean(logs: Path, port: str) -> None:
    """Put the portal back to where its installation ended, which the first run keeps a copy of."""
    clean = KEPT / "clean"
    if not clean.is_dir():
        # An installation that was cut off left a database without its token.
        for name in ("pg", "storage"):
            shutil.rmtree(KEPT / name, ignore_errors=True)
        (KEPT / "token").unlink(missing_ok=True)
        try:
            start_ckan([port], logs / "install", with_uv=True)
        except AssertionError:
            # uv does not read pip's own settings: behind an office mirror pip does the work.
            start_ckan([port], logs / "install")
        start_ckan(["stop"], logs / "installed")
        time.sleep(1)
        shutil.rmtree(KEPT / "part", ignore_errors=True)
        subprocess.run(["cp", "-a", KEPT / "pg", KEPT / "part"], check=True)
        (KEPT / "part").rename(clean)
    for name in ("pg", "storage"):
        shutil.rmtree(KEPT / name, ignore_errors=True)
    subprocess.run(["cp", "-a", clean, KEPT / "pg"], check=True)
    (KEPT / "pg" / "postmaster.pid").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def source(ckan):
    return CkanSource.model_validate(
        {
            "kind": "ckan",
            "name": "portal",
            "url": ckan.url,
            "keeper": "9.99.01",
            "organisations": [organisation(number) for number in range(ORGANISATIONS)],
            "datasets": [{"name": "data-03", "into": "things.facts"}],
            "page_rows": PAGE_ROWS,
        }
    )


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    data = tmp_path_factory.mktemp("house") / "data"
    return SourcePaths(data / "registers" / "sources.sqlite", data / "inbox")


def run(source, paths, **told):
    report = harvest(source, paths, environment={}, limits=QUICK, sleep=lambda _seconds: None, **told)
    shown = {outcome: count for outcome, count in report.counts.items() if count}
    print(
        f"\n{report.dataset_count} datasets of {report.organisation_count} organisations "
        f"in {report.seconds:.1f} s: {shown}; {report.error or 'no error'}"
    )
    return report


def counts(report):
    assert report.error is None, report.error
    return {outcome: count for outcome, count in report.counts.items() if count}


def landed(paths):
    return sorted(
        path
        for path in paths.inbox.rglob("*")
        if path.is_file() and not path.name.endswith(".meta.json") and ".arriving" not in path.parts
    )


def assert_whole(paths):
    """Every landed file is the one its sidecar describes, and nothing unfinished lies about."""
    for path in landed(paths):
        sidecar = json.loads(path.with_name(f"{path.name}.meta.json").read_text())
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sidecar["sha256"]
    assert list((paths.inbox / ".arriving").iterdir()) == []


def test_the_first_harvest_reads_every_dataset_in_both_forms(ckan, source, paths):
    report = run(source, paths)
    assert counts(report) == {"read": 2 * DATASETS}
    assert (report.dataset_count, report.organisation_count) == (DATASETS, ORGANISATIONS)
    assert len(landed(paths)) == 2 * DATASETS
    assert_whole(paths)
    for item in report.items:
        number = int(item.dataset.rpartition("-")[2])
        content = (paths.inbox / item.file).read_bytes()
        if item.form == "file":
            assert content == file_content(number, 1)
        else:
            rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
            assert rows == table_rows(LONG_ROWS if item.dataset == LONG_TABLE else 3)
        assert item.file.startswith("things/" if item.dataset == "data-03" else "_harvest/portal/")


def test_the_long_table_came_in_several_pages(paths, ckan):
    (path,) = [path for path in landed(paths) if path.name.startswith(f"{LONG_TABLE}--tabel")]
    sidecar = json.loads(path.with_name(f"{path.name}.meta.json").read_text())
    assert sidecar["row_count"] == LONG_ROWS > 2 * PAGE_ROWS
    assert sidecar["fields"] == [{"name": "wilayah", "type": "text"}, {"name": "nilai", "type": "numeric"}]
    assert sidecar["dataset"]["license_title"] == "Creative Commons Attribution"


def test_nothing_written_names_a_person_or_the_token(paths, ckan):
    written = b"".join(path.read_bytes() for path in paths.inbox.parent.rglob("*") if path.is_file())
    for secret in ("Orang", "contoh.example", ckan.token):
        assert secret.encode() not in written


def test_nothing_changed_and_nothing_is_read(source, paths):
    before = landed(paths)
    assert counts(run(source, paths)) == {"unchanged": 2 * DATASETS}
    assert landed(paths) == before


def test_one_changed_file_is_the_only_one_read(ckan, source, paths):
    changed = ckan.resource("data-05", "Berkas")
    ckan.api.action.resource_patch(id=changed, upload=("tabel.csv", io.BytesIO(file_content(5, 2))))
    report = run(source, paths)
    assert counts(report) == {"read": 1, "unchanged": 2 * DATASETS - 1}
    (item,) = report.items_with("read")
    assert (item.dataset, item.form) == ("data-05", "file")
    assert (paths.inbox / item.file).read_bytes() == file_content(5, 2)


def test_rows_added_to_one_table_make_it_the_only_one_read(ckan, source, paths):
    row = {"wilayah": "baru", "nilai": "1"}
    ckan.api.action.datastore_upsert(
        resource_id=ckan.resource("data-09", "Tabel"), method="insert", records=[row], force=True
    )
    report = run(source, paths)
    assert counts(report) == {"read": 1, "unchanged": 2 * DATASETS - 1}
    (item,) = report.items_with("read")
    assert (item.dataset, item.form, item.row_count) == ("data-09", "datastore", 4)


def test_a_new_title_alone_lands_nothing(ckan, source, paths):
    before = landed(paths)
    ckan.api.action.package_patch(id="data-06", title="Judul baru")
    assert counts(run(source, paths)) == {"unchanged": 2 * DATASETS}
    assert landed(paths) == before
    with open_ledger(paths.ledger, "portal") as ledger:
        assert "Judul baru" in {row.title for row in ledger.datasets().values()}


def test_only_the_organisation_that_is_asked_for_is_read(source, tmp_path, ckan):
    one = source.model_copy(update={"organisations": (organisation(1),), "datasets": ()})
    report = run(one, SourcePaths(tmp_path / "ledger", tmp_path / "inbox"))
    assert {item.dataset for item in report.items} == {"data-01", "data-13", "data-25", "data-37"}


def test_a_deleted_dataset_is_told_once_and_its_files_stay(ckan, source, paths):
    before = landed(paths)
    ckan.api.action.package_delete(id="data-11")
    report = run(source, paths)
    assert report.counts["unchanged"] == 2 * DATASETS - 2
    # To who has no token CKAN says "no access" of what was deleted, and "not found" only of what was purged.
    (item,) = report.items_with("withdrawn")
    assert item.dataset == "data-11"
    assert landed(paths) == before
    assert counts(run(source, paths)) == {"unchanged": 2 * DATASETS - 2}

    ckan.api.action.dataset_purge(id="data-38")
    report = run(source, paths)
    assert counts(report) == {"unchanged": 2 * DATASETS - 4, "deleted": 1}
    assert report.items_with("deleted")[0].dataset == "data-38"
    assert landed(paths) == before


def test_a_private_dataset_is_refused_without_the_token_and_read_with_it(ckan, source, tmp_path):
    ckan.api.action.package_patch(id="data-12", private=True)
    asked = {"organisations": (), "datasets": source.rule("data-03", ""), "token_variable": "PORTAL_TOKEN"}
    asked["datasets"] = (asked["datasets"].model_copy(update={"name": "data-12", "into": None}),)
    private = source.model_copy(update=asked)
    paths = SourcePaths(tmp_path / "ledger", tmp_path / "inbox")
    refused = run(private.model_copy(update={"token_variable": None}), paths)
    assert isinstance(refused.items[0].error, AccessDeniedError)
    allowed = harvest(private, paths, environment={"PORTAL_TOKEN": ckan.token}, limits=QUICK)
    assert counts(allowed) == {"read": 2}
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert ckan.token.encode() not in written
    ckan.api.action.package_patch(id="data-12", private=False)


@pytest.fixture
def command(source, tmp_path):
    """A house that declares this portal: how its harvest is started, and where it writes."""
    (tmp_path / "sectors").mkdir()
    (tmp_path / "data" / "reference").mkdir(parents=True)
    declared = {"sources": [source.model_copy(update={"datasets": ()}).model_dump(mode="json")]}
    # JSON is YAML.
    (tmp_path / "data" / "reference" / "sources.yml").write_text(json.dumps(declared))
    words = [sys.executable, "-m", "command_center.cli", "harvest", "--json"]
    environment = {**os.environ, "COMMAND_CENTER_ROOT": str(tmp_path)}
    return words, environment, SourcePaths.of(Settings(tmp_path))


def test_a_portal_killed_in_mid_harvest_is_one_error_and_the_next_run_reads_the_rest(ckan, source, command):
    words, environment, paths = command
    source = source.model_copy(update={"datasets": ()})
    total = 2 * LEFT

    def kill_after_thirty(_source, done, _total):
        if done == 30:
            ckan.kill()

    report = run(source, paths, on_progress=kill_after_thirty)
    assert isinstance(report.error, SourceUnavailableError)
    assert "cannot be reached" in report.error.what
    assert "command-center harvest --source portal" in report.error.next_step
    assert [item.outcome for item in report.items] == ["read"] * 30
    assert len(landed(paths)) == 30
    assert_whole(paths)

    down = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    print(f"while it is down: exit code {down.returncode}\n{down.stderr}")
    assert down.returncode == 2
    assert down.stderr.count("■") == 1
    for label in ("cannot be reached", "where: ", "who acts: ", "next: "):
        assert down.stderr.count(label) == 1
    (told,) = json.loads(down.stdout)["sources"]
    assert told["items"] == []
    assert len(landed(paths)) == 30

    ckan.restart()
    assert counts(run(source, paths)) == {"read": total - 30, "unchanged": 30}
    assert len(landed(paths)) == total
    assert_whole(paths)


def test_a_harvester_that_is_killed_goes_on_where_it_stopped(ckan, command):
    words, environment, paths = command
    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) as harvester:
        while len(landed(paths)) < 20:
            assert harvester.poll() is None, "it ended before it could be killed"
            time.sleep(0.005)
        harvester.kill()
    with open_ledger(paths.ledger, "portal") as ledger:
        noted = len(ledger.resources())
    assert 19 <= noted < 2 * LEFT
    print(f"\nkilled with {noted} noted and {len(landed(paths))} landed")
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (told,) = json.loads(done.stdout)["sources"]
    print(told["counts"])
    assert told["counts"]["unchanged"] == noted
    assert told["counts"]["read"] == 2 * LEFT - noted
    assert len(landed(paths)) == 2 * LEFT
    assert_whole(paths)
