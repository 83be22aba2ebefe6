"""The page on which the owner of a signal confirms it or rejects it as a false alarm; others read what was said."""

from command_center.decisions import FALSE_ALARM, Share, Verdict
from command_center.locale import Locale, translatable
from command_center.pages.alarms import Alarm
from command_center.pages.standalone import standalone_page

LONGEST_REASON = 500
JUDGEMENTS = {
    "confirmed": translatable("Confirmed"),
    "false_alarm": translatable("False alarm"),
}


def verdict_page(
    locale: Locale,
    alarm: Alarm,
    *,
    product: str,
    xsrf: str,
    standing: Verdict | None,
    share: Share,
    may_judge: bool,
    message: str = "",
) -> str:
    """Return the whole page. Without the right to judge there is no form; `message` is what was wrong with it."""
    t = locale.t
    home = "/en" if locale.language == "en" else ""
    other = "" if locale.language == "en" else "/en"
    return standalone_page(
        "verdict",
        locale,
        title=t("Confirm or reject"),
        text=alarm.title,
        product=product,
        language_link=f"{other}/putusan/{alarm.id}/",
        crumbs=((t("Problem"), f"{home}{alarm.address.url}"),),
        sentence=alarm.sentence,
        facts=_facts(locale, alarm, standing, share),
        xsrf=xsrf if may_judge else "",
        message=message,
        reason_label=t("Why (required to reject)"),
        longest=LONGEST_REASON,
        choices=[(code, t(word)) for code, word in JUDGEMENTS.items()],
        not_open=t(
            "The agency that answers for this signal, and the data steward, confirm or reject it after logging in."
        ),
    )


def _facts(locale: Locale, alarm: Alarm, standing: Verdict | None, share: Share) -> list[tuple[str, str]]:
    t = locale.t
    said = t("not yet") if standing is None else t(JUDGEMENTS[standing.judgement])
    if standing is not None and standing.reason:
        said = f"{said}: {standing.reason}"
    facts = [
        (t("Who answers"), alarm.owner),
        (t("Verdict"), said),
        (t("Share of false alarms"), share_text(locale, share)),
    ]
    if standing is not None and standing.judgement == FALSE_ALARM:
        facts.append((t("From the next edition on"), t("it is no longer among the alarms")))
    return facts


def share_text(locale: Locale, share: Share) -> str:
    """Return the share of false alarms in words, with the number it rests on."""
    if not share.judged:
        return locale.t("no verdict yet")
    return locale.t(
        "{share} ({false} of {judged} judged)",
        share=locale.quantity(100 * share.false / share.judged, "%", 0),
        false=locale.number(share.false, 0),
        judged=locale.number(share.judged, 0),
    )
