"""The measures of `command-center letters` on one file: by ours, by pm4py, by plain pandas. One way per process.

Run as a file: `python letters_children.py WAY FILE`; prints JSON with seconds, peak memory and the figures. It
imports nothing of the tests, since pm4py and lifelines live in an environment of their own.
"""

import json
import sys
import time
from pathlib import Path

WAYS = {}
CASE, ACTIVITY, TIME = "case:concept:name", "concept:name", "time:timestamp"


def way(function):
    WAYS[function.__name__] = function
    return function


@way
def ours(path: str) -> dict[str, object]:
    """Load and measure with this library, every figure of the command, faults included."""
    from command_center.eventlog import arranged, find_faults, read_log, summarise

    log = read_log(Path(path), "Asia/Jakarta", roles=())
    cases = arranged(log)
    found = summarise(cases, (*log.faults, *find_faults(cases))).as_json()
    return {
        "events": found["events"], "cases": found["cases"], "median": found["cycle_time_s"]["median"],
        "pairs": len(found["directly_follows"]), "variants": found["variants"]["count"],
        "pair_medians": sum(pair["median_s"] for pair in found["directly_follows"]),
    }  # fmt: skip


@way
def pandas(path: str) -> dict[str, object]:
    """The same with plain pandas, as an analyst would write it."""
    import pandas as pd

    log = pd.read_csv(path, usecols=[CASE, ACTIVITY, TIME])
    log[TIME] = pd.to_datetime(log[TIME], utc=True, format="ISO8601")
    log = log.sort_values([CASE, TIME], kind="stable")
    by_case = log.groupby(CASE, sort=False)
    cycle = (by_case[TIME].max() - by_case[TIME].min()).dt.total_seconds()
    cycle.mean(), cycle.quantile(0.9)
    by_case[ACTIVITY].first().value_counts(), by_case[ACTIVITY].last().value_counts()
    log["before"], log["gap"] = by_case[ACTIVITY].shift(), by_case[TIME].diff().dt.total_seconds()
    follows = log.dropna(subset="before").groupby(["before", ACTIVITY])["gap"].agg(["size", "mean", "median"])
    variants = by_case[ACTIVITY].agg(tuple).value_counts()
    return {
        "events": len(log), "cases": len(cycle), "median": float(cycle.median()), "pairs": len(follows),
        "variants": len(variants), "pair_medians": float(follows["median"].sum()),
    }  # fmt: skip


@way
def pm4py(path: str) -> dict[str, object]:
    """The same with pm4py's own functions; its dataframe is made as its documentation says."""
    import pandas as pd
    import pm4py as miner

    log = miner.format_dataframe(
        pd.read_csv(path, usecols=[CASE, ACTIVITY, TIME]),
        case_id=CASE,
        activity_key=ACTIVITY,
        timestamp_key=TIME,
    )
    durations = pd.Series(miner.get_all_case_durations(log))
    durations.mean(), durations.quantile(0.9)
    miner.get_start_activities(log), miner.get_end_activities(log)
    follows, _, _ = miner.discover_dfg(log)
    times, _, _ = miner.discover_performance_dfg(log)
    variants = miner.get_variants(log)
    return {
        "events": len(log), "cases": len(durations), "median": float(durations.median()), "pairs": len(follows),
        "variants": len(variants), "pair_medians": float(sum(time["median"] for time in times.values())),
    }  # fmt: skip


@way
def lifelines(path: str) -> dict[str, object]:
    """Kaplan-Meier of the durations in a file, by lifelines."""
    import lifelines as survival

    given = json.loads(Path(path).read_text())
    fitter = survival.KaplanMeierFitter().fit(given["durations"], given["closed"])
    curve = fitter.survival_function_.iloc[:, 0]
    return {"times": list(map(float, curve.index)), "survival": list(map(float, curve))}


if __name__ == "__main__":
    began = time.perf_counter()
    figures = WAYS[sys.argv[1]](sys.argv[2])
    seconds = time.perf_counter() - began
    with Path("/proc/self/status").open() as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    print(json.dumps({"seconds": seconds, "peak_mb": peak / 1024, "figures": figures}))
