"""The way in over the web: the form, the file as it streams in, the receipt.

The file goes to a temporary folder and through the same door as every other, in a process of its own: a file
that ends its reader does not end the server.
"""

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tornado.web import HTTPError, stream_request_body

from command_center.calendar import today
from command_center.errors import CommandCenterError
from command_center.ingest.checks import CHECKS
from command_center.ingest.refusals import IngestError
from command_center.ingest.submissions import (
    Register,
    Submission,
    SubmissionError,
    SubmissionFiles,
    open_intake,
)
from command_center.ingest.submissions.reading import workbook_of
from command_center.ingest.submissions.register import safe_name
from command_center.ingest.workbook import blank_workbook, prepare_order
from command_center.locale import Locale
from command_center.pages.house import House
from command_center.pages.submitting import (
    SEND,
    Receipt,
    read_report,
    receipt_page,
    send_page,
    submissions_page,
)
from command_center.serving.responses import HouseHandler, reader_locale

OPEN_INBOX = "command_center_open_inbox"
LIMIT_BYTES = 50_000_000
CHECK_SECONDS = 300
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Two cores: a second check goes on while one waits for the disk, a third would only slow both.
_checking = asyncio.Semaphore(2)


@stream_request_body
class SendHandler(HouseHandler):
    """The form, and the file that is sent from it as the bare body of a POST."""

    def initialize(self, house: House) -> None:
        """Keep the house."""
        super().initialize(house)
        self._folder: Path | None = None
        self._target: Any = None

    async def prepare(self, *arguments: Any, **named: Any) -> None:
        """Let a body of the allowed size stream in, from somebody who may send for that agency; else answer 403."""
        await super().prepare(*arguments, **named)
        is_sending = self.request.method == "POST"
        agency = self.get_query_argument("agency", "") if is_sending else None
        if not self.person.may_send(agency, is_open=self.settings[OPEN_INBOX]):
            raise HTTPError(403, log_message="may not send for this agency")
        if is_sending:
            self.request.connection.set_max_body_size(LIMIT_BYTES)  # type: ignore[union-attr]
            self._folder = Path(tempfile.mkdtemp(prefix="command-center-upload-"))
            name = safe_name(unquote(self.request.headers.get("X-File-Name", "")))
            self._path = self._folder / name.replace("\0", "")
            self._target = self._path.open("wb")

    def data_received(self, chunk: bytes) -> None:
        """Keep a part of the body."""
        if self._target is not None:
            self._target.write(chunk)

    def on_finish(self) -> None:
        """Let go of the temporary folder."""
        self._let_go()
        super().on_finish()

    def on_connection_close(self) -> None:
        """Let go of it too when the sender hangs up."""
        self._let_go()
        super().on_connection_close()

    async def get(self) -> None:
        """Send the form."""
        locale = reader_locale(self.request.path)
        chosen = self.get_query_argument("dataset", "")
        token = self.xsrf_token.decode()
        self.write(send_page(self.house, locale, xsrf=token, limit_bytes=LIMIT_BYTES, chosen=chosen))

    async def post(self) -> None:
        """Take the file in; answers JSON with the address of the receipt, or with what was refused."""
        self._target.close()
        arguments = {name: self.get_query_argument(name, "") for name in ("dataset", "agency", "period")}
        async with _checking:
            said = await _take_in(self.house.settings.environment, self._path, arguments)
        self.set_header("Content-Type", "application/json")
        locale = reader_locale(self.request.path)
        error = said.get("error", {})
        receipt = said.get("receipt") or error.get("receipt", "")
        self.note("upload", f"{arguments['dataset']} {arguments['agency']} {receipt}")
        if receipt and error.get("code") != "resubmitted_file":
            home = "/en/" if locale.language == "en" else "/"
            self.write({"link": f"{home}{SEND}{receipt}/"})
            return
        self.set_status(422)
        self.write({"error": _refusal(locale, error)})

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer the form's script in JSON, everybody else with a page."""
        if self.request.method != "POST" or status_code != 403:
            super().write_error(status_code, **kwargs)
            return
        locale = reader_locale(self.request.path)
        self.set_header("Content-Type", "application/json")
        self.finish(
            {
                "error": locale.t(
                    "This account may not send a file for this agency. Reload the page, or log in."
                )
            }
        )

    def _let_go(self) -> None:
        if self._target is not None:
            self._target.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


class ReceiptHandler(HouseHandler):
    """The page of one submission."""

    async def get(self, receipt: str) -> None:
        """Send the page; 404 for a receipt that is not in the register or not the reader's."""
        locale = reader_locale(self.request.path)
        register, submission, files = _found(self, receipt)
        path = files.report(submission)
        report = read_report(path.read_text(encoding="utf-8")) if path.is_file() else None
        self.write(
            receipt_page(
                self.house,
                locale,
                Receipt(submission, report, register.events(receipt), has_workbook=not submission.refusal),
            )
        )


class MarkedWorkbookHandler(HouseHandler):
    """The workbook of a submission with its faulty cells marked."""

    async def get(self, receipt: str) -> None:
        """Send it; 404 for a receipt that is unknown or not the reader's, and for a file that was refused."""
        _, submission, _ = _found(self, receipt)
        locale = reader_locale(self.request.path)
        intake = open_intake(self.house.settings)
        try:
            content = await asyncio.to_thread(workbook_of, intake, submission, locale)
        except (SubmissionError, IngestError) as error:
            raise HTTPError(404, log_message=str(error)) from error
        _send_workbook(self, content, f"{receipt}.xlsx")


class BlankWorkbookHandler(HouseHandler):
    """The official blank workbook of a dataset."""

    async def get(self, dataset: str) -> None:
        """Send it; 404 for an unknown dataset."""
        day = today(self.house.profile.timezone)
        locale = reader_locale(self.request.path)
        try:
            order = prepare_order(self.house.settings, dataset, day)
        except CommandCenterError as error:
            raise HTTPError(404, log_message=str(error)) from error
        _send_workbook(self, await asyncio.to_thread(blank_workbook, order, locale), f"{dataset}.xlsx")


class SubmissionListHandler(HouseHandler):
    """The open list of submissions."""

    async def get(self) -> None:
        """Send the list, of one agency where `agency` is given."""
        register = Register(SubmissionFiles(self.house.settings).register)
        agency = self.get_query_argument("agency", "")
        submissions = [one for one in register.all() if agency in ("", one.agency)]
        opens = {one.receipt for one in submissions if _may_open(self, one)}
        self.write(submissions_page(self.house, reader_locale(self.request.path), submissions, opens))


def _send_workbook(handler: HouseHandler, content: bytes, name: str) -> None:
    handler.set_header("Content-Type", _WORKBOOK)
    handler.set_header("Content-Disposition", f'attachment; filename="{name}"')
    handler.set_header("Cache-Control", "no-store")
    handler.write(content)


def _found(handler: HouseHandler, receipt: str) -> tuple[Register, Submission, SubmissionFiles]:
    files = SubmissionFiles(handler.house.settings)
    register = Register(files.register)
    try:
        submission = register.get(receipt)
    except SubmissionError as error:
        raise HTTPError(404, log_message=str(error)) from error
    if not _may_open(handler, submission):
        # As if there were none: that a number is taken is nobody else's business.
        raise HTTPError(404, log_message="the submission of another agency")
    return register, submission, files


def _may_open(handler: HouseHandler, submission: Submission) -> bool:
    return handler.person.may_open(submission.agency, is_open=handler.settings[OPEN_INBOX])


async def _take_in(environment: dict[str, str], path: Path, arguments: dict[str, str]) -> dict[str, Any]:
    """Run the door on a file and return its JSON; an `error` where it was refused or took too long."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "command_center.cli", "ingest", str(path), "--json", "--channel", "upload",
        "--dataset", arguments["dataset"], "--from", arguments["agency"], "--period", arguments["period"],
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env={**os.environ, **environment},
    )  # fmt: skip
    try:
        output, _ = await asyncio.wait_for(process.communicate(), CHECK_SECONDS)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        return {"error": {"code": "corrupt_file", "what": "The check took too long"}}
    try:
        said: dict[str, Any] = json.loads(output)
    except ValueError:
        return {"error": {"code": "corrupt_file", "what": f"The check ended with {process.returncode}"}}
    return said


def _refusal(locale: Locale, error: dict[str, str]) -> str:
    check = CHECKS.get(error.get("code", ""))
    said = check.say(locale) if check is not None else error.get("what", "")
    return f"{said} ({error['receipt']})" if error.get("receipt") else said
