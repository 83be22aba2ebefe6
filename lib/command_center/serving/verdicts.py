"""Where a signal is confirmed or rejected by who answers for it. Every verdict is kept and noted in the audit log."""

from dataclasses import replace

from tornado.web import HTTPError

from command_center.cleaning import mask
from command_center.decisions import FALSE_ALARM, Verdict, Verdicts, may_judge
from command_center.pages.addresses import problem_page
from command_center.pages.alarms import Alarm, find_alarm
from command_center.pages.context import PageContext
from command_center.pages.verdict import JUDGEMENTS, LONGEST_REASON, verdict_page
from command_center.serving.responses import HouseHandler, reader_locale, shown_edition


class VerdictHandler(HouseHandler):
    """The page of a verdict, and the verdict itself as a POST of its form."""

    def get(self, signal: str) -> None:
        """Send the page; 404 for a signal that is not there or may not be seen."""
        self._send(self._alarm(signal))

    def post(self, signal: str) -> None:
        """Keep the verdict of somebody who answers for the signal; 403 for everybody else."""
        alarm = self._alarm(signal)
        if not self._may_judge(alarm):
            raise HTTPError(403, log_message="does not answer for the signal")
        judgement = self.get_body_argument("judgement", "")
        reason = mask(self.get_body_argument("reason", "")[:LONGEST_REASON])
        if judgement not in JUDGEMENTS:
            raise HTTPError(400, log_message="no such judgement")
        if judgement == FALSE_ALARM and not reason:
            self.set_status(422)
            self._send(alarm, reader_locale(self.request.path).t("Say why it is a false alarm."))
            return
        self._register.add(
            Verdict(
                signal=alarm.id,
                since=str(alarm.row["since"]),
                judgement="false_alarm" if judgement == FALSE_ALARM else "confirmed",
                reason=reason,
                account=self.person.account,
                role=self.person.role,
                edition=alarm.context.edition.id,
            )
        )
        self.note(f"verdict {judgement}", status=200)
        self.redirect(self.request.path, status=303)

    @property
    def _register(self) -> Verdicts:
        return Verdicts.of(self.house.settings)

    def _alarm(self, signal: str) -> Alarm:
        edition = shown_edition(self.house, "", self.person)
        language = reader_locale(self.request.path).language
        house = self.house.with_catalog(edition.catalog)
        context = PageContext(house, edition, replace(problem_page(signal), language=language))
        alarm = find_alarm(context, signal)
        if alarm is None:
            raise HTTPError(404, log_message=f"no signal {signal}")
        return alarm

    def _may_judge(self, alarm: Alarm) -> bool:
        return may_judge(self.person, str(alarm.row["owner"]), alarm.agency_code)

    def _send(self, alarm: Alarm, message: str = "") -> None:
        self.set_header("Cache-Control", "no-store")
        standing = self._register.standing().get((alarm.id, str(alarm.row["since"])))
        self.write(
            verdict_page(
                reader_locale(self.request.path),
                alarm,
                product=self.house.profile.product_title[alarm.context.language],
                xsrf=self.xsrf_token.decode(),
                standing=standing,
                share=self._register.share(),
                may_judge=self._may_judge(alarm),
                message=message,
            )
        )
