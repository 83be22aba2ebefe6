"""How the numbers of a workflow are written: hours and days, counts that may be hidden, reasons in words."""

import math
from datetime import date

from command_center.locale import Locale

_HOUR, _DAY_HOURS = 3600.0, 24
_LONG_HOURS = 48
FEW = 5


def hours_text(locale: Locale, hours: float | None) -> str:
    """Return working hours with one decimal, the sign of missing where there is none."""
    if hours is None or math.isnan(hours):
        return locale.missing
    return locale.t("{n} h", n=locale.number(hours, 1))


def elapsed_text(locale: Locale, seconds: float) -> str:
    """Return an elapsed time in minutes, hours or days."""
    if seconds < _HOUR:
        return locale.t("{n} min", n=locale.number(seconds / 60, 0))
    hours = seconds / _HOUR
    if hours < _LONG_HOURS:
        return locale.t("{n} h", n=locale.number(hours, 1))
    return locale.t("{n} days", n=locale.number(hours / _DAY_HOURS, 1))


def count_text(locale: Locale, count: float | None) -> str:
    """Return a count, the sign of missing where there is none."""
    return locale.missing if count is None or math.isnan(count) else locale.number(count, 0)


def few_text(locale: Locale, count: float | None) -> str:
    """Return a count of a part; below five it says no more than that."""
    few = count is not None and 0 < count < FEW
    return f"< {FEW}" if few else count_text(locale, count)


def percent_text(locale: Locale, share: float | None) -> str:
    """Return a percentage with one decimal, the sign of missing where there is none."""
    return locale.missing if share is None or math.isnan(share) else locale.percent(share, 1)


def date_text(locale: Locale, day: str) -> str:
    """Return a day given as ISO text in words."""
    return locale.date(date.fromisoformat(day))


def little_text(locale: Locale, reason: str) -> str:
    """Return why Little's law holds or does not."""
    return {
        "holds": locale.t("Both agree within ten percent: the log is whole and the flow steady."),
        "stock_changes": locale.t(
            "They differ because the stock itself rises or falls: letters stop on the way."
        ),
        "log_gaps": locale.t("They differ although the stock is steady: events are missing from the log."),
        "too_short": locale.t("The window is too short to compare them."),
    }[reason]


def check_text(locale: Locale, check: str) -> str:
    """Return what a check of the log tells; the name of the check where it has no words."""
    return {
        "unknown_activity": locale.t("events of an activity that no life cycle knows; kept"),
        "duplicate_event": locale.t("events that repeat an earlier one"),
        "negative_duration": locale.t("activities completed before they were started"),
        "batch_clicks": locale.t("events clicked in batches within a minute"),
        "before_receipt": locale.t("events before the receipt of their letter"),
        "step_left_out": locale.t("letters acted on without having been read"),
        "time_missing": locale.t("events without a time, set apart"),
        "time_unreadable": locale.t("events whose time cannot be read, set apart"),
        "case_missing": locale.t("events without a letter number, set apart"),
        "activity_missing": locale.t("events without an activity, set apart"),
        "row_of_another_length": locale.t("rows of another length than the header, set apart"),
    }.get(check, check)


def cycle_text(locale: Locale, cycle: str) -> str:
    """Return the name of a direction of letters; itself where it has no words."""
    return {"masuk": locale.t("incoming"), "keluar": locale.t("outgoing")}.get(cycle, cycle)
