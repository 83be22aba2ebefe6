"""Real database servers on loopback, each in a folder of its own, ended by its own process id."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

PASSWORD = "contoh-sandi-uji"
USER, DATABASE = "pembaca", "surat"


def find(program: str) -> str | None:
    """The program on the path or among Debian's own folders for servers."""
    places = [*map(str, Path("/usr/lib/postgresql").glob("*/bin")), "/usr/sbin"]
    return shutil.which(program) or shutil.which(program, path=os.pathsep.join(places))


@dataclass(frozen=True)
class Server:
    """A running server: its URL without and with a password, and its process."""

    scheme: str
    port: int
    process: "subprocess.Popen[bytes]"

    def url(self, password: str = PASSWORD, database: str = DATABASE) -> str:
        return f"{self.scheme}://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    def kill(self) -> None:
        """End it as a power cut would, its children with it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def account_folder(account: str) -> Iterator[Path]:
    """A folder of an account that is not root's: servers refuse root."""
    folder = Path(tempfile.mkdtemp(prefix="command-center-server-", dir="/var/tmp"))
    if os.geteuid() == 0:
        entry = pwd.getpwnam(account)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_as(account: str) -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(account)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def started(command: list[str], folder: Path, account: str) -> "subprocess.Popen[bytes]":
    with (folder / "server.log").open("wb") as log:
        return subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,
            **run_as(account),  # type: ignore[call-overload]
        )


def ended(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def until_it_answers(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(150):
        engine = sa.create_engine(url)
        try:
            with engine.connect():
                return
        except sa.exc.SQLAlchemyError:
            assert process.poll() is None, log.read_text(errors="replace")
            time.sleep(0.2)
        finally:
            engine.dispose()
    raise AssertionError(log.read_text(errors="replace"))


@contextmanager
def mariadb() -> Iterator[Server]:
    """A MariaDB with one account and one database."""
    account = "mysql" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    with account_folder(account) as folder:
        subprocess.run(
            [str(find("mariadb-install-db")), "--no-defaults", f"--datadir={folder / 'data'}", f"--user={account}",
             "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True, capture_output=True, **run_as(account),  # type: ignore[call-overload]
        )  # fmt: skip
        setup = folder / "setup.sql"
        setup.write_text(
            f"CREATE DATABASE {DATABASE};\nCREATE USER '{USER}'@'%' IDENTIFIED BY '{PASSWORD}';\n"
            f"GRANT ALL ON {DATABASE}.* TO '{USER}'@'%';\n"
        )
        setup.chmod(0o644)
        port = free_port()
        process = started(
            [str(find("mariadbd")), "--no-defaults", f"--datadir={folder / 'data'}", f"--port={port}",
             "--skip-name-resolve",
             "--bind-address=127.0.0.1", f"--socket={folder / 'm.sock'}", f"--init-file={setup}",
             f"--pid-file={folder / 'pid'}"],
            folder, account,
        )  # fmt: skip
        server = Server("mysql+pymysql", port, process)
        try:
            until_it_answers(server.url(), process, folder / "server.log")
            yield server
        finally:
            ended(process)


@contextmanager
def postgresql() -> Iterator[Server]:
    """A PostgreSQL with one account and one database."""
    account = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    with account_folder(account) as folder:
        secret = folder / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        subprocess.run(
            [str(find("initdb")), "-D", str(folder / "data"), "-U", USER, "--auth=scram-sha-256", f"--pwfile={secret}",
             "--encoding=UTF8", "--locale=C"],
            check=True, capture_output=True, cwd=folder, **run_as(account),  # type: ignore[call-overload]
        )  # fmt: skip
        port = free_port()
        process = started(
            [str(find("postgres")), "-D", str(folder / "data"), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder)],
            folder, account,
        )  # fmt: skip
        server = Server("postgresql+psycopg", port, process)
        try:
            until_it_answers(server.url(database="postgres"), process, folder / "server.log")
            engine = sa.create_engine(server.url(database="postgres"), isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {DATABASE}")
            engine.dispose()
            yield server
        finally:
            ended(process)
