"""Indicators of all nine items, computed from the raw files as somebody with a calculator would: no library, no transform.

Each takes the files, a region and a period and gives the one number.
"""

from collections.abc import Callable

import pandas as pd

from tests.recomputation.raw_files import RawFiles, month_end, within, working_day

Computed = Callable[[RawFiles, str, str], float]


def share(table: pd.DataFrame, part: str, whole: str, scale: float = 100) -> float:
    """Sum of one column over the sum of another."""
    return table[part].sum() / table[whole].sum() * scale


def rows(files: RawFiles, sector: str, dataset: str, region: str, period: str) -> pd.DataFrame:
    """The sample rows of a period, in a region and below."""
    table = within(files.sample(sector, dataset), region)
    return table[table["period"].eq(period)]


def printed(files: RawFiles, table: str, region: str, period: str, method: str) -> pd.Series:
    """The one published row of a region, period and method."""
    found = files.published(table)
    if "region_code" in found:
        found = found[found["region_code"].eq(region)]
    return found[found["period"].eq(period) & found["method"].eq(method)].squeeze()


def classrooms_damaged(files: RawFiles, region: str, period: str) -> float:
    schools = rows(files, "education", "satuan_pendidikan", region, period)
    schools = schools[schools["school_level"].isin(["SD", "SMP"])]
    damaged = schools["moderate_damage_classrooms"].sum() + schools["heavy_damage_classrooms"].sum()
    return damaged / (damaged + schools["good_classrooms"].sum()) * 100


def pupils_per_teacher(files: RawFiles, region: str, period: str) -> float:
    schools = rows(files, "education", "satuan_pendidikan", region, period)
    return share(schools[schools["school_level"].eq("SD")], "pupils", "teachers", 1)


def children_out_of_school(files: RawFiles, region: str, period: str) -> float:
    register = within(files.sample("education", "ats"), region)
    end = month_end(period)
    begun = register["verified_on"].le(end)
    ended = register["resolved_on"].le(end) & register["status"].ne("belum_sekolah")
    return float((begun & ~ended).sum())


def spent_to_date(files: RawFiles, region: str, period: str) -> float:
    table = within(files.sample("finance", "realisasi_belanja"), region)
    year = table[table["period"].between(f"{period[:4]}-01", period)]
    return year["spent_idr"].sum() / year.loc[year["period"].eq(period), "budget_idr"].sum() * 100


def plan_missed(files: RawFiles, region: str, period: str) -> float:
    table = rows(files, "finance", "realisasi_belanja", region, period)
    agencies = table.groupby("agency_code")[["spent_idr", "planned_idr"]].sum()
    gaps = (agencies["spent_idr"] - agencies["planned_idr"]).abs()
    return gaps.sum() / agencies["planned_idr"].sum() * 100


def own_revenue(files: RawFiles, region: str, period: str) -> float:
    table = within(files.sample("finance", "pendapatan"), region)
    table = table[table["revenue_kind"].isin(["PAD_PAJAK", "PAD_RETRIBUSI"])]
    table = table[table["period"].between(f"{period[:4]}-01", period)]
    return share(table, "month_received_idr", "month_target_idr")


def dependency(files: RawFiles, region: str, period: str) -> float:
    people = rows(files, "population", "penduduk_dkb", region, period)
    ages = people["age_group"].str.extract(r"(\d+)")[0].astype(int)
    working = ages.between(15, 64)
    return people.loc[~working, "persons"].sum() / people.loc[working, "persons"].sum() * 100


def documents(files: RawFiles, region: str, period: str) -> float:
    table = rows(files, "population", "dokumen_dukcapil", region, period)
    return share(table[table["document"].eq("KTP")], "owned_count", "target_count")


def steady_roads(files: RawFiles, region: str, period: str) -> float:
    row = printed(files, "infrastructure_road_condition", region, period, "bps")
    return (row["good_km"] + row["fair_km"]) / row["length_km"] * 100


def repaired_in_time(files: RawFiles, region: str, period: str) -> float:
    reports = within(files.sample("infrastructure", "laporan_kerusakan"), region)
    reports = reports[reports["authority"].eq("kabupaten")]
    due = working_day(reports["reported_on"], reports["limit_days"])
    of_month = due.dt.strftime("%Y-%m").eq(period)
    return float((reports["closed_on"].le(due) & of_month).sum() / of_month.sum() * 100)


def numbers_issued(files: RawFiles, region: str, period: str) -> float:
    permits = within(files.sample("licensing", "izin"), region)
    issued = permits["permit_kind"].eq("NIB") & permits["status"].eq("terbit")
    return float((issued & permits["issued_on"].dt.strftime("%Y-%m").eq(period)).sum())


def reporting_companies(files: RawFiles, region: str, period: str) -> float:
    companies = rows(files, "licensing", "lkpm", region, period)
    return companies["is_reported"].sum() / len(companies) * 100


def satisfaction(files: RawFiles, region: str, period: str) -> float:
    answers = rows(files, "public_services", "skm", region, period)
    offices = answers[answers["region_code"].str.count(r"\.").eq(2)].groupby("region_code")
    means = offices[[f"u{number}" for number in range(1, 10)]].mean()
    # The regency is the mean of its sub-district offices, as it is published; a sub-district is itself.
    return float((means.sum(axis="columns") / 9 * 25).mean())


def followed_up(files: RawFiles, region: str, period: str) -> float:
    reports = within(files.sample("public_services", "aduan_lapor"), region)
    forwarded = reports[reports["forwarded_on"].dt.strftime("%Y-%m").eq(period)]
    return forwarded["first_answer_on"].notna().sum() / len(forwarded) * 100


def aid_paid(files: RawFiles, region: str, period: str) -> float:
    aid = rows(files, "social", "bansos_salur", region, period)
    return share(aid[aid["program"].isin(["PKH", "SEMBAKO"])], "paid_households", "decreed_households")


def insurance_active(files: RawFiles, region: str, period: str) -> float:
    return share(rows(files, "health", "jkn_kec", region, period), "active_persons", "registered_persons")


def dengue(files: RawFiles, region: str, period: str) -> float:
    cases = within(files.sample("health", "kasus_penyakit"), region)
    cases = cases[cases["disease"].eq("DBD")]
    day = pd.to_datetime(cases["period"])
    last = pd.Timestamp(period)
    year = cases[day.gt(last - pd.Timedelta(weeks=52)) & day.le(last)]
    people = cases.loc[cases["period"].eq(period)].groupby("region_code")["population_persons"].first()
    return year["cases"].sum() / people.sum() * 100_000


def news_days(files: RawFiles, region: str, period: str) -> float:
    items = within(files.sample("social_media", "konten_opd"), region)
    days = pd.bdate_range(f"{period}-01", month_end(period))
    # An agency that publishes nothing in the whole table has no news desk and stands nowhere.
    agencies = items.loc[items["agency_code"].ne(""), "agency_code"].nunique()
    seen = items[items["published_on"].isin(days)].drop_duplicates(["agency_code", "published_on"])
    return len(seen) / (agencies * len(days)) * 100


def complaints_ticketed(files: RawFiles, region: str, period: str) -> float:
    mentions = rows(files, "social_media", "sebutan_medsos", region, period)
    complaints = mentions[mentions["kind"].eq("aduan")]
    return complaints["is_ticketed"].sum() / len(complaints) * 100


def of(sector: str, dataset: str, part: str, whole: str) -> Computed:
    """A share of two columns of one sample table."""
    return lambda files, region, period: share(rows(files, sector, dataset, region, period), part, whole)


def total(sector: str, dataset: str, column: str) -> Computed:
    """The sum of one column of a sample table."""
    return lambda files, region, period: rows(files, sector, dataset, region, period)[column].sum()


def cell(table: str, column: str, method: str) -> Computed:
    """A number as a published table prints it."""
    return lambda files, region, period: printed(files, table, region, period, method)[column]


# Item, indicator, method, period, how; every region the edition has a figure for is compared.
CASES: tuple[tuple[str, str, str, str, Computed], ...] = (
    ("social", "SOS1", "bps_susenas", "2024", cell("social_poverty", "poverty_rate_pct", "bps_susenas")),
    ("social", "SOS2", "sample", "2026-Q2", aid_paid),
    (
        "social",
        "SOS6",
        "sample",
        "2026-06",
        of("social", "violence_cases", "handled_cases", "reported_cases"),
    ),
    ("finance", "FIN1", "sample", "2026-09", spent_to_date),
    ("finance", "FIN2", "sample", "2026-09", plan_missed),
    ("finance", "FIN3", "sample", "2026-09", own_revenue),
    (
        "finance",
        "FIN6.education",
        "sample",
        "2026",
        of("finance", "mandatory_spending", "education_idr", "spending_idr"),
    ),
    (
        "education",
        "EDU1.sd",
        "sample",
        "2026-S1",
        of("education", "enrolment", "sd_pupils", "population_7_12_children"),
    ),
    ("education", "EDU4", "sample", "2026-06", children_out_of_school),
    ("education", "EDU5", "sample", "2026-S1", classrooms_damaged),
    ("education", "EDU6.sd", "sample", "2026-S1", pupils_per_teacher),
    ("population", "POP1", "sample", "2026-S1", total("population", "penduduk_dkb", "persons")),
    ("population", "POP2", "sample", "2026-06", documents),
    ("population", "POP7", "sample", "2026-S1", dependency),
    ("infrastructure", "INF1", "bps", "2019", steady_roads),
    ("infrastructure", "INF4", "sample", "2026-06", repaired_in_time),
    (
        "infrastructure",
        "INF6.persons",
        "sample",
        "2026-09-06",
        total("infrastructure", "kekeringan_desa", "affected_persons"),
    ),
    ("public_services", "SVC1", "sample", "2026-S1", satisfaction),
    ("public_services", "SVC2", "sample", "2026-06", followed_up),
    (
        "public_services",
        "SVC6",
        "sample",
        "2026-06",
        of("public_services", "service_queue", "within_standard_visitors", "served_visitors"),
    ),
    ("licensing", "LIC1", "sample", "2026-06", numbers_issued),
    ("licensing", "LIC5", "sample", "2026-Q2", reporting_companies),
    (
        "health",
        "HLT1",
        "sample",
        "2026-06",
        of("health", "gizi_desa", "stunted_children", "measured_children"),
    ),
    ("health", "HLT2", "sample", "2026-06", of("health", "gizi_desa", "weighed_children", "target_children")),
    ("health", "HLT6", "sample", "2026-06", insurance_active),
    ("health", "HLT7.incidence", "sample", "2026-06-06", dengue),
    (
        "health",
        "HLT8",
        "sample",
        "2026-06",
        of("health", "immunisation", "immunised_infants", "surviving_infants"),
    ),
    ("social_media", "MED1", "sample", "2026-06", news_days),
    ("social_media", "MED5", "sample", "2026-06", complaints_ticketed),
)
