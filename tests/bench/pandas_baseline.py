"""What an analyst writes without this house: pandas reads the file, pandera checks the same rules, keys are compared.

The same work for the same contract, and no more: types, required, allowed values, codes, limits, the form of a
period, no day after the file came, paid within persons, one row per key, all failures and not the first; then
the sound rows apart from the others. Left out is what only this house does: other spellings, personal numbers,
shifted and repeated rows, the place of each fault.

Run as a program: python pandas_baseline.py ours|pandas|pandas_calamine FILE prints seconds, megabytes, faulty rows.
"""

import resource
import sys
import time
from datetime import date
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
RECEIVED_ON = date(2026, 11, 24)


def ours(path: Path) -> int:
    from command_center.ingest.check import check_file
    from command_center.ingest.context import IngestContext
    from tests.bench.large_files import AGENCIES, DATASET, REGIONS

    context = IngestContext(REGIONS, AGENCIES, RECEIVED_ON)
    report = check_file(path.read_bytes(), path.name, DATASET, context)
    assert all(sheet.balances for sheet in report.sheets)
    return sum(sheet.read - sheet.accepted for sheet in report.sheets)


def baseline(path: Path, engine: str | None) -> int:
    import pandas as pd
    import pandera.pandas as pa

    from tests.bench.large_files import AGENCY_CODES, ENUMS, HEADERS, KEY, REGION_CODES

    if path.suffix == ".csv":
        table = pd.read_csv(path, dtype={"Kode Wilayah": str, "Kode OPD": str})
    else:
        table = pd.read_excel(path, engine=engine, dtype={"Kode Wilayah": str, "Kode OPD": str})
    table = table.rename(columns={title: name for name, title in HEADERS.items()})
    table["extracted_on"] = pd.to_datetime(table["extracted_on"], format="%Y-%m-%d")
    check = pa.Check
    schema = pa.DataFrameSchema(
        {
            "region_code": pa.Column(str, check.isin(REGION_CODES)),
            "period": pa.Column(str, check.str_matches(r"^[0-9]{4}(-(Q[1-4]|S[12]|[0-9]{2}))?$")),
            "programme": pa.Column(str, check.isin(ENUMS)),
            "serial": pa.Column(int, check.ge(0)),
            "persons": pa.Column(int, check.ge(0)),
            "paid": pa.Column(int, check.ge(0)),
            "amount_idr": pa.Column(int, check.ge(0)),
            "share_pct": pa.Column(float, [check.ge(0), check.le(100)]),
            "agency_code": pa.Column(str, check.isin(AGENCY_CODES)),
            "extracted_on": pa.Column("datetime64[ns]", check.le(pd.Timestamp(RECEIVED_ON)), coerce=True),
            "note": pa.Column(str, nullable=True),
        },
        checks=[check(lambda frame: frame["paid"] <= frame["persons"])],
    )
    bad = set(table.index[table.duplicated(KEY, keep=False)])
    try:
        schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors as errors:
        bad |= set(errors.failure_cases["index"].dropna())
    is_bad = table.index.isin(list(bad))
    accepted, apart = table[~is_bad], table[is_bad]
    assert len(accepted) + len(apart) == len(table)
    return len(apart)


def main() -> None:
    how, path = sys.argv[1], Path(sys.argv[2])
    started = time.perf_counter()
    found = ours(path) if how == "ours" else baseline(path, "calamine" if how == "pandas_calamine" else None)
    seconds = time.perf_counter() - started
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found)


if __name__ == "__main__":
    sys.path.insert(0, str(REPOSITORY))
    main()
