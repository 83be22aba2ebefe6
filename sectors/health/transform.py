"""Tables of the health item turned into what its indicators count.

Pure: a table in, a new one out. Missing stays missing, nothing is filled.
"""

import pandas as pd

STUNTING, ATTENDANCE = "HLT1", "HLT2"
# Below this share of children weighed the measured ones are not the children of the place (a proposal).
FEWEST_WEIGHED_PCT = 80
SEGMENTS = 5
WEEKS = 52
_PLACE = ["region_code", "period", "method"]


def comparability(figures: pd.DataFrame) -> pd.Series:
    """Return False for routine stunting where fewer than 80 percent of the target children were weighed.

    Held against attendance (D/S) of the same region, period and method; where that is not known the figure stands.
    """
    place = ["region_code", "agency_code", "period", "method"]
    attended = figures[figures["indicator"].eq(ATTENDANCE)].set_index(place)["value"]
    too_few = attended.index[attended.lt(FEWEST_WEIGHED_PCT)]
    measured = pd.MultiIndex.from_frame(figures[place]).isin(too_few)
    return ~(figures["indicator"].eq(STUNTING) & measured)


def jkn_kec(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per sub-district and month: persons registered and active over the five segments.

    Missing where a segment is missing. The population stands once; missing where the segments disagree on it.
    """
    groups = table.groupby(_PLACE, sort=False)
    sums = groups[["registered_persons", "active_persons"]].sum(min_count=SEGMENTS)
    said = groups["population_persons"].agg(["min", "max"])
    sums["population_persons"] = said["min"].where(said["min"].eq(said["max"]))
    sums["as_of"] = groups["as_of"].min()
    return sums.reset_index()


def kasus_penyakit(table: pd.DataFrame) -> pd.DataFrame:
    """Return dengue by sub-district and week: cases of the last 52 weeks (`dengue_cases`) and the population.

    The whole regency has `regency_dengue_cases` and `regency_dengue_deaths`, likewise of 52 weeks, since deaths are
    too few to be split. Missing until 52 weeks are known, and wherever one of them is not.
    """
    dengue = table[table["disease"].eq("DBD")]
    parts = [_dengue(part).assign(method=method) for method, part in dengue.groupby("method", sort=False)]
    empty = pd.DataFrame(columns=[*_PLACE, "as_of", *_DENGUE], dtype="float64")
    return pd.concat(parts, ignore_index=True) if parts else empty


_DENGUE = ("dengue_cases", "population_persons", "regency_dengue_cases", "regency_dengue_deaths")


def _dengue(part: pd.DataFrame) -> pd.DataFrame:
    people = _by_week(part, "population_persons")
    cases, deaths = _last_weeks(_by_week(part, "cases")), _last_weeks(_by_week(part, "deaths"))
    long = pd.DataFrame({"dengue_cases": cases.stack(), "population_persons": people.stack()}).reset_index()
    root = str(part["region_code"].iloc[0]).rpartition(".")[0]
    whole = pd.DataFrame(
        {
            "region_code": root,
            "regency_dengue_cases": cases.sum(axis="columns", skipna=False),
            "regency_dengue_deaths": deaths.sum(axis="columns", skipna=False),
        }
    ).reset_index()
    rows = pd.concat([long, whole], ignore_index=True)
    known = rows["dengue_cases"].notna() | rows["regency_dengue_cases"].notna()
    rows["as_of"] = rows["period"]
    rows["period"] = rows["period"].dt.strftime("%Y-%m-%d")
    return rows[known]


def _by_week(part: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return one column per sub-district and one row for every week, also those nobody reported."""
    table = part.assign(period=pd.to_datetime(part["period"])).pivot_table(
        index="period", columns="region_code", values=name, aggfunc="sum"
    )
    weeks = pd.date_range(table.index.min(), table.index.max(), freq="7D", name="period")
    return table.reindex(weeks)


def _last_weeks(table: pd.DataFrame) -> pd.DataFrame:
    return table.rolling(WEEKS, min_periods=WEEKS).sum()
