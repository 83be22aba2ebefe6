"""The code cells of a recomputation: plain pandas, each step on its own, readable by an auditor.

Text only. Every value from outside goes in as a Python literal, never as code.
"""

from collections.abc import Sequence
from pprint import pformat

from command_center.catalog import SAMPLE_METHOD, Dataset, Indicator, Sector
from command_center.indicators.series import Measure
from command_center.recomputation.files import KeptFile
from command_center.settings import ROOT_VARIABLE

_WIDTH = 100
# What a file is read as where its declaration says a number; everything else is read as text.
_NUMBERS = ("integer", "number")


def literal(value: object) -> str:
    """Return a value as Python would be given it, in lines of at most 100 characters."""
    return pformat(value, width=_WIDTH, sort_dicts=False)


def opening() -> str:
    """Return the cell that finds the folder of the house and says how a kept file is checked."""
    return f'''\
import hashlib
import os
from pathlib import Path

import pandas as pd

START = Path(os.environ.get({ROOT_VARIABLE!r}, Path.cwd()))
HOUSE = next(
    folder for folder in [START, *START.parents] if (folder / "data/reference/regions.csv").is_file()
)


def kept(path, sha256):
    """Return a kept file; an error where its content is not what the edition was made from."""
    found = hashlib.sha256((HOUSE / path).read_bytes()).hexdigest()
    assert found == sha256, f"{{path}} has changed: {{found}}"
    return HOUSE / path'''


def wanted(figure: Measure, root: str, indicator: Indicator) -> str:
    """Return the cell that names the figure."""
    return "\n".join(
        [
            f"REGENCY = {root!r}",
            f"REGION = {figure.region_code!r}",
            f"AGENCY = {figure.agency_code!r}",
            f"PERIOD = {figure.period!r}",
            f"METHOD = {figure.method!r}",
            f"SCALE = {indicator.formula.scale!r}",
            f"EDITION_VALUE = {figure.value!r}",
        ]
    )


def reading(dataset: Dataset, files: Sequence[KeptFile]) -> str:
    """Return the cell that reads the files of a dataset and lets a later row replace an earlier one of its key."""
    name = dataset.id
    parts = [_one_file(dataset, file) for file in files]
    lines = (
        [f"{name} = {parts[0]}"]
        if len(parts) == 1
        else [f"{name} = pd.concat([", *(f"    {part}," for part in parts), "])"]
    )
    keys = list(dataset.table.primaryKey)
    if keys and len(parts) > 1:
        lines.append(f'{name} = {name}.drop_duplicates({literal(keys)}, keep="last")')
    lines.append(f"{name} = {name}.reset_index(drop=True)")
    dates = [field.name for field in dataset.table.fields if field.type == "date"]
    if dates and any(not file.receipt for file in files):
        lines.append(
            f"{name} = {name}.assign(**{{day: pd.to_datetime({name}[day]) for day in {literal(dates)}}})"
        )
    return "\n".join([*lines, f"{name}.head()"])


def _one_file(dataset: Dataset, file: KeptFile) -> str:
    source = f"kept({file.path!r}, {file.sha256!r})"
    if file.receipt:
        return f"pd.read_parquet({source})"
    texts = {field.name: "str" for field in dataset.table.fields if field.type not in _NUMBERS}
    whole = {field.name: "Int64" for field in dataset.table.fields if field.type == "integer"}
    return (
        f'pd.read_csv({source}, encoding="utf-8-sig", dtype={literal(texts | whole)},\n'
        '    keep_default_na=False, na_values=[""])'
    )


def original(files: Sequence[KeptFile]) -> str:
    """Return the cell that holds what was received against its hash, where this account may open it."""
    pairs = {file.original: file.original_sha256 for file in files if file.receipt}
    return f"""\
ORIGINALS = {literal(pairs)}
pd.Series(
    {{
        path: kept(path, sha256).stat().st_size if os.access(HOUSE / path, os.R_OK) else "not open to this account"
        for path, sha256 in ORIGINALS.items()
    }},
    name="bytes",
)"""


def transforming(sector: Sector, dataset: Dataset) -> str:
    """Return the cell that shows the sector's rules and applies the one of this dataset."""
    path = f"sectors/{sector.slug}/transform.py"
    return f"""\
import runpy

print((HOUSE / {path!r}).read_text(encoding="utf-8"))
rules = runpy.run_path(str(HOUSE / {path!r}))
{dataset.id} = rules[{dataset.id!r}]({dataset.id})
{dataset.id}.head()"""


def choosing(dataset: Dataset, indicator: Indicator, *, is_sample: bool, with_below: bool) -> str:
    """Return the cell that keeps the rows of the figure; `with_below` those of the regions below it too."""
    name, formula = dataset.id, indicator.formula
    method = f"{name}.assign(method={SAMPLE_METHOD!r})" if is_sample else name
    columns = [one for one in (formula.numerator, formula.denominator, formula.published) if one]
    place = 'table["region_code"].eq(REGION)'
    if with_below:
        place = f'({place} | table["region_code"].str.startswith(f"{{REGION}}."))'
    return f"""\
table = {method}
table = table.assign(
    region_code=table.get("region_code", REGENCY),
    agency_code=table.get("agency_code", ""),
    method=table.get("method", ""),
)
for key in ["region_code", "agency_code", "method", "period"]:
    table[key] = table[key].astype("str").where(table[key].notna(), "")
rows = table[
    {place}
    & table["agency_code"].eq(AGENCY)
    & table["method"].eq(METHOD)
    & table["period"].eq(PERIOD)
]
columns = {literal(columns)}
rows = rows[["region_code", *columns]].astype(dict.fromkeys(columns, "float64"))
rows"""


def counting(indicator: Indicator) -> str:
    """Return the cell that adds up numerator and denominator by region; unknown where one row's is."""
    formula = indicator.formula
    names = {"numerator": formula.numerator}
    if formula.denominator is not None:
        names["denominator"] = formula.denominator
    return f"""\
amounts = rows.sort_values(["region_code", *columns])
amounts = amounts[["region_code"]].assign(
    **{{name: amounts[column] for name, column in {literal(names)}.items()}}
)
groups = amounts.groupby("region_code")
counted = groups.sum().where(groups.count().eq(groups.size(), axis="index"))
counted"""


def keeping(dataset: str) -> str:
    """Return the cell that keeps the counts of one of several datasets."""
    return f"counted_{dataset} = counted"


def joining(datasets: Sequence[str]) -> str:
    """Return the cell that puts the counts of several datasets together; where two tell a region the first stands."""
    names = ", ".join(f"counted_{name}" for name in datasets)
    return f"counted = pd.concat([{names}])\ncounted = counted[~counted.index.duplicated()]\ncounted"


def rolling_up() -> str:
    """Return the cell that makes every parent from the regions below it, where all of them are known."""
    return """\
regions = pd.read_csv(HOUSE / "data/reference/regions.csv", dtype="str").set_index("code")
due = regions.groupby("parent_code").size()
for level in ["kec", "kab"]:
    known = counted.dropna()
    parent = known.index.map(regions["parent_code"])
    have = known.groupby(parent).size()
    complete = have[have.eq(due.reindex(have.index))].index
    made = known.groupby(parent).sum().loc[complete]
    made = made[made.index.map(regions["level"]) == level]
    counted = pd.concat([known, made[~made.index.isin(known.index)]])
counted.loc[[REGION]]"""


def dividing(indicator: Indicator) -> str:
    """Return the cell that applies the formula."""
    if indicator.formula.denominator is None:
        return 'value = counted.loc[REGION, "numerator"] * SCALE\nvalue'
    return 'value = counted.loc[REGION, "numerator"] / counted.loc[REGION, "denominator"] * SCALE\nvalue'


def as_printed(indicator: Indicator) -> str:
    """Return the cell that takes the value as its source printed it."""
    return f"value = rows[{indicator.formula.published!r}].item()\nvalue"


def comparing() -> str:
    """Return the last cell: the recomputed value beside that of the edition, an error where they differ."""
    return """\
assert value == EDITION_VALUE, f"recomputed {value!r}, the edition says {EDITION_VALUE!r}"
pd.Series({"recomputed": value, "edition": EDITION_VALUE, "difference": value - EDITION_VALUE})"""
