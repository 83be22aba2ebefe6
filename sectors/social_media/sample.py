"""Invented tables of the social media item. No figure is published, so the levels are assumptions.

On about three agency days in five there is news, sub-district offices fewer; mentions carry no account and no text.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.samples import World
from command_center.samples.world import Chance

MONTHS = 14
NEWS_A_DAY, NEWS_OF_OFFICES, ON_DAYS_OFF = 1.5, 0.7, 0.25
# How often an agency falls silent on a day, and for how many days.
SILENCE, SILENT_DAYS = 0.006, 9
CHANNELS = {"web": 0.42, "ig": 0.28, "fb": 0.16, "tt": 0.06, "x": 0.05, "yt": 0.03}

MENTIONS_A_MONTH, ISSUES_A_MONTH, MENTIONS_OF_ISSUE = 850, 12, 18
COMPLAINTS, TICKETED, LABELLED_BY_STAFF = 0.12, 0.46, 0.35
ANSWERED, ANSWER_HOURS = 0.8, 19
# Topics: the agency that answers for it, its share, and its tone as shares of negative and neutral mentions.
TOPICS = {
    "jalan": ("1.03.01", 0.24, 0.42, 0.38),
    "air bersih": ("1.05.02", 0.1, 0.34, 0.44),
    "kesehatan": ("1.02.01", 0.16, 0.24, 0.46),
    "pendidikan": ("1.01.01", 0.14, 0.18, 0.48),
    "bantuan sosial": ("1.06.01", 0.12, 0.3, 0.44),
    "administrasi": ("2.12.01", 0.1, 0.22, 0.45),
    "kegiatan daerah": ("4.01.01", 0.14, 0.08, 0.52),
}


def konten_opd(world: World) -> pd.DataFrame:
    """Return the items that agencies published, one by one."""
    chance = world.chance("social_media.konten_opd")
    months = world.months(MONTHS)
    days = np.arange(np.datetime64(f"{months[0]}-01"), np.datetime64(world.month_end(months[-1])) + 1)
    rates = {"opd": NEWS_A_DAY, "kecamatan": NEWS_OF_OFFICES}
    agencies = [
        (one.code, rate)
        for kind, rate in rates.items()
        for one in world.agencies.of_kind(kind, world.as_of)
        if one.parent_code is None
    ]
    level = np.array([rate for _, rate in agencies]) * np.exp(chance.normal(0.0, 0.35, len(agencies)))
    rate = level[:, None] * np.where(np.is_busday(days), 1.0, ON_DAYS_OFF)
    rate[_silences(rate.shape, chance)] = 0.0
    agency, day = np.nonzero(counts := chance.poisson(rate))
    repeats = counts[agency, day]
    agency, day = np.repeat(agency, repeats), np.repeat(day, repeats)
    codes = np.array([code for code, _ in agencies])[agency]
    published = pd.Series(days[day])
    serial = (pd.Series(codes).groupby(codes).cumcount() + 1).astype("str").str.zfill(5)
    return pd.DataFrame(
        {
            "region_code": world.regions.root.code,
            "agency_code": codes,
            "period": published.dt.strftime("%Y-%m"),
            "url": "https://berita.example/" + pd.Series(codes) + "/" + serial,
            "published_on": published.dt.strftime("%Y-%m-%d"),
            "headline": "Berita contoh nomor " + serial,
            "channel": chance.choice(list(CHANNELS), len(codes), p=list(CHANNELS.values())),
        }
    )


def sebutan_medsos(world: World) -> pd.DataFrame:
    """Return mentions, complaints and official replies, one by one."""
    chance = world.chance("social_media.sebutan_medsos")
    months = world.months(MONTHS)
    end = np.datetime64(world.month_end(months[-1])) + np.timedelta64(24, "h")
    firsts = np.array(months, dtype="datetime64[D]").astype("datetime64[h]")
    starts = np.repeat(firsts, chance.poisson(ISSUES_A_MONTH, MONTHS))
    starts = starts + chance.integers(0, 27 * 24, len(starts))
    topics = _topics(len(starts), chance)
    of_issue = np.repeat(np.arange(len(starts)), 1 + chance.poisson(MENTIONS_OF_ISSUE, len(starts)))
    later = np.rint(chance.exponential(30, len(of_issue))).astype("int64")
    later[np.r_[True, of_issue[1:] != of_issue[:-1]]] = 0
    alone = np.repeat(firsts, chance.poisson(MENTIONS_A_MONTH, MONTHS))
    alone = alone + chance.integers(0, 28 * 24, len(alone))
    replied = np.flatnonzero(chance.random(len(starts)) < ANSWERED)
    waited = np.rint(ANSWER_HOURS * np.exp(chance.normal(0.0, 0.8, len(replied)))).astype("int64") + 1
    parts = [
        _mentions(starts[of_issue] + later, topics[of_issue], of_issue, chance),
        _mentions(alone, _topics(len(alone), chance), np.full(len(alone), -1), chance),
        _replies(starts[replied] + waited, topics[replied], replied),
    ]
    table = pd.concat([part[part["at"] < end] for part in parts], ignore_index=True).sort_values(
        "at", kind="stable"
    )
    year = table["at"].dt.strftime("%Y")
    return table.assign(
        region_code=world.regions.root.code,
        period=table["at"].dt.strftime("%Y-%m"),
        mention_code="S" + year + "-" + (year.groupby(year).cumcount() + 1).astype("str").str.zfill(6),
        mentioned_on=table["at"].dt.strftime("%Y-%m-%d"),
        hour_of_day=table["at"].dt.hour,
    ).drop(columns="at")


def _silences(shape: tuple[int, ...], chance: Chance) -> npt.NDArray[np.bool_]:
    """Return on which days which agency is silent."""
    begins = chance.random(shape) < SILENCE
    lasting = begins.copy()
    for back in range(1, SILENT_DAYS):
        lasting[:, back:] |= begins[:, :-back]
    return lasting


def _topics(count: int, chance: Chance) -> npt.NDArray[np.int64]:
    return chance.choice(len(TOPICS), count, p=[share for _, share, _, _ in TOPICS.values()])


def _mentions(
    at: npt.NDArray[np.datetime64], topic: npt.NDArray[np.int64], issue: npt.NDArray[np.int64], chance: Chance
) -> pd.DataFrame:
    count, tones = len(at), np.array([tone for _, _, *tone in TOPICS.values()])[topic]
    drawn = chance.random(count)
    sentiment = np.select([drawn < tones[:, 0], drawn < tones.sum(axis=1)], [-1, 0], 1)
    complains = (chance.random(count) < 2 * COMPLAINTS) & (sentiment == -1) | (
        chance.random(count) < COMPLAINTS / 3
    )
    ticketed = pd.Series((chance.random(count) < TICKETED).astype("int64")).astype("Int64")
    return _base(at, topic, issue).assign(
        kind=np.where(complains, "aduan", "sebutan"),
        sentiment=sentiment,
        label_source=np.where(chance.random(count) < LABELLED_BY_STAFF, "petugas", "mesin"),
        reach=np.rint(120 * np.exp(chance.normal(0, 1.3, count))).astype("int64"),
        is_ticketed=ticketed.where(complains),
    )


def _replies(
    at: npt.NDArray[np.datetime64], topic: npt.NDArray[np.int64], issue: npt.NDArray[np.int64]
) -> pd.DataFrame:
    return _base(at, topic, issue).assign(kind="tanggapan_resmi")


def _base(
    at: npt.NDArray[np.datetime64], topic: npt.NDArray[np.int64], issue: npt.NDArray[np.int64]
) -> pd.DataFrame:
    """Return moment, topic, its agency and the code of the issue; none where the number is -1."""
    codes = "ISU-" + pd.Series(issue + 1).astype("str").str.zfill(4)
    return pd.DataFrame(
        {
            "at": pd.Series(at.astype("datetime64[s]")),
            "agency_code": np.array([agency for agency, *_ in TOPICS.values()])[topic],
            "topic": np.array(list(TOPICS))[topic],
            "issue_code": codes.where(issue >= 0),
        }
    )
