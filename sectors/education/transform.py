"""Tables of the education item turned into what its indicators count.

Pure: a table in, a new one out. Missing stays missing, nothing is filled.
"""

import pandas as pd

_PLACE = ["region_code", "period", "method"]


def out_of_school(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `out_of_school_children`: never enrolled, dropped out and not continued.

    Missing where one of the three parts is missing; the printed total is then the value.
    """
    parts = ["never_enrolled_children", "dropped_out_children", "not_continued_children"]
    return table.assign(out_of_school_children=table[parts].sum(axis=1, min_count=len(parts)))


def satuan_pendidikan(table: pd.DataFrame) -> pd.DataFrame:
    """Return schools summed by village and by sub-district: classrooms and those damaged, of SD and SMP.

    By sub-district also pupils and teachers of each level (`sd_pupils`, `sd_teachers`, `smp_...`), since a school
    serves several villages. Missing where a school of the place does not say it.
    """
    damage = ["moderate_damage_classrooms", "heavy_damage_classrooms"]
    rooms = [*damage, "good_classrooms"]
    schools = table[table["school_level"].isin(["SD", "SMP"])]
    schools = schools.assign(
        classrooms=schools[rooms].sum(axis=1, min_count=len(rooms)),
        damaged_classrooms=schools[damage].sum(axis=1, min_count=len(damage)),
    )
    amounts = ["classrooms", "damaged_classrooms"]
    villages = _summed(schools, amounts)
    for level in ("SD", "SMP"):
        is_level = schools["school_level"].eq(level)
        for amount in ("pupils", "teachers"):
            name = f"{level.lower()}_{amount}"
            schools[name] = schools[amount].where(is_level, 0)
            amounts.append(name)
    districts = _summed(schools.assign(region_code=_parent(schools["region_code"])), amounts)
    return pd.concat([villages, districts], ignore_index=True)


def ats(table: pd.DataFrame) -> pd.DataFrame:
    """Return `open_children` by village and by sub-district at the end of every month of the register.

    Recorded by then, and not back at school or struck off by then. A child resolved on no stated day counts as
    resolved at the end of the register; a place in the register without open cases counts zero.
    """
    days = pd.DataFrame(
        {
            "region_code": table["region_code"].astype("str"),
            "method": table["method"],
            "begun": pd.to_datetime(table["verified_on"]),
            "ended": pd.to_datetime(table["resolved_on"]),
        }
    )
    last = pd.concat([days["begun"], days["ended"], pd.to_datetime(table["as_of"])]).max()
    is_closed = table["status"].notna() & table["status"].ne("belum_sekolah")
    days["ended"] = days["ended"].fillna(last).where(is_closed)
    places = pd.concat([days, days.assign(region_code=_parent(days["region_code"]))], ignore_index=True)
    parts = [_open_by_month(part, last).assign(method=method) for method, part in places.groupby("method")]
    empty = pd.DataFrame(columns=[*_PLACE, "as_of", "open_children"], dtype="float64")
    return pd.concat(parts, ignore_index=True) if parts else empty


def _open_by_month(days: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    months = pd.period_range(days["begun"].min(), last, freq="M")
    regions = pd.Index(sorted(days["region_code"].unique()))

    def until(day: str) -> pd.DataFrame:
        counts = pd.crosstab(days[day].dt.to_period("M"), days["region_code"])
        return counts.reindex(index=months, columns=regions, fill_value=0).cumsum()

    still_open = (until("begun") - until("ended")).rename_axis(index="month", columns="region_code")
    rows = still_open.stack().rename("open_children").reset_index()
    # The month under way is known up to the last day the register tells of.
    ends = rows["month"].dt.end_time.dt.normalize()
    rows["as_of"] = ends.where(ends.le(last), last)
    return rows.assign(period=rows["month"].astype("str")).drop(columns="month")


def _summed(table: pd.DataFrame, amounts: list[str]) -> pd.DataFrame:
    """Return sums by place; missing where a row of the place has none."""
    groups = table.groupby(_PLACE, sort=False)
    sizes = groups.size()
    sums = groups[amounts].sum().where(groups[amounts].count().eq(sizes, axis="index"))
    return sums.assign(as_of=groups["as_of"].min()).reset_index()


def _parent(codes: pd.Series) -> pd.Series:
    return codes.astype("str").str.rsplit(".", n=1).str[0]
