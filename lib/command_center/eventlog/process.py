"""The way cases take as tables: who follows whom, variants, conformance; one part per life cycle."""

import pandas as pd

from command_center.eventlog.conformance import conformance, members_of
from command_center.eventlog.lifecycles import LifeCycles
from command_center.eventlog.ordering import CaseLog
from command_center.eventlog.selecting import of_cases
from command_center.eventlog.summary import directly_follows
from command_center.eventlog.variants import find_variants

TOP = 8


def process_tables(log: CaseLog, cycles: LifeCycles) -> dict[str, pd.DataFrame]:
    """Return the tables follows, activities, variants and conformance, each with a column cycle.

    follows: source, target, count, mean_s, median_s; activities: activity, place (in the life cycle; after all its
    steps where it is none of them), events, starts, ends; variants: the most
    frequent, rank, activities joined by " > ", count; conformance: cases and how many keep to the life cycle.
    """
    follows, activities, variants, kept = [], [], [], []
    for name, cycle in cycles.by_name.items():
        members = members_of(log, name)
        if not members.any():
            continue
        part = of_cases(log, members)
        follows += [{"cycle": name, **vars(one)} for one in directly_follows(part)]
        activities += _activities(part, name, cycle.steps)
        variants += [
            {"cycle": name, "rank": rank + 1, "activities": " > ".join(one.activities), "count": one.count}
            for rank, one in enumerate(find_variants(part)[:TOP])
        ]
        kept.append({"cycle": name, **vars(conformance(log, cycle, members))})
    tables = {"follows": follows, "activities": activities, "variants": variants, "conformance": kept}
    return {name: pd.DataFrame(rows) for name, rows in tables.items()}


def _activities(part: CaseLog, name: str, steps: tuple[str, ...]) -> list[dict[str, object]]:
    labels = part.activity
    codes = {"events": labels.codes, "starts": labels.codes[part.first], "ends": labels.codes[part.last]}
    counts = {key: pd.Series(found).value_counts() for key, found in codes.items()}
    return [
        {
            "cycle": name,
            "activity": activity,
            "place": steps.index(activity) if activity in steps else len(steps),
            **{key: int(of.get(code, 0)) for key, of in counts.items()},
        }
        for code, activity in enumerate(labels.names)
        if counts["events"].get(code, 0)
    ]
