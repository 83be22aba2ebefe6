"""Tables of the civil registry turned into what the population item counts.

Pure: a table in, a new one out. Missing stays missing, nothing is filled.
"""

import pandas as pd

_PLACE = ["region_code", "period", "method"]
_AGE_GROUPS, _DOCUMENTS = 16, 6


def penduduk_dkb(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per village and semester: `persons`, `dependent_persons` (0-14 and 65 up), `age_15_64_persons`.

    Missing where one of the 16 age groups of a sex is missing.
    """
    first = table["age_group"].astype("str").str[:2]
    working = first.between("15", "64")
    parts = table[[*_PLACE, "persons", "as_of"]].assign(
        age_15_64_persons=table["persons"].where(working), dependent_persons=table["persons"].where(~working)
    )
    groups = parts.groupby(_PLACE, sort=False)
    whole = groups["persons"].count().eq(2 * _AGE_GROUPS)
    sums = groups[["persons", "age_15_64_persons", "dependent_persons"]].sum().where(whole)
    return sums.assign(as_of=groups["as_of"].min()).reset_index()


def dokumen_dukcapil(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per sub-district and month with target and held of each document, and the service of all six.

    `ktp_lacking` is target minus held. Completed and on-time documents are missing where a document's row is.
    """
    wide = table.pivot_table(
        index=_PLACE, columns="document", values=["target_count", "owned_count"], aggfunc="sum", observed=True
    )
    groups = table.groupby(_PLACE)
    tidy = pd.DataFrame(index=groups.size().index)
    for document in ("KTP", "LAHIR", "MATI", "KIA", "IKD"):
        for amount in ("target", "owned"):
            column = (f"{amount}_count", document)
            tidy[f"{document.lower()}_{amount}"] = wide[column] if column in wide else float("nan")
    tidy["ktp_lacking"] = tidy["ktp_target"] - tidy["ktp_owned"]
    for name in ("completed", "on_time"):
        tidy[f"{name}_documents"] = groups[f"{name}_count"].sum(min_count=_DOCUMENTS)
    return tidy.assign(as_of=groups["as_of"].min()).reset_index()
