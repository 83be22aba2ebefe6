"""How often chance alone alarms, measured: shares with their intervals, false-discovery rate, power."""

import numpy as np
import pytest
from scipy.stats import binomtest

from tests.signals.test_significance import alarm_p_values, mixed_run, stable

pytestmark = pytest.mark.bench


def test_stable_series_alarm_in_at_most_one_of_twenty() -> None:
    for name, phi in (("independent", 0.0), ("AR(0.6)", 0.6)):
        values, lengths = stable(np.random.default_rng(2026), np.full(10_000, phi))
        result = binomtest(int((alarm_p_values(values, lengths) < 0.05).sum()), 10_000)
        low, high = result.proportion_ci()
        print(
            f"{name}: {result.statistic:.4f} of 10,000 stable series alarm, 95 % interval {low:.4f} to {high:.4f}"
        )
        assert high <= 0.05


def test_false_discoveries_and_power_over_a_thousand_mixed_series() -> None:
    rng = np.random.default_rng(2027)
    runs = [mixed_run(rng) for _ in range(200)]
    rates = np.array([run.false / max(run.found, 1) for run in runs])
    error = 1.96 * rates.std(ddof=1) / np.sqrt(len(rates))
    power = sum(run.hit for run in runs) / sum(run.planted for run in runs)
    found = sum(run.found for run in runs) / len(runs)
    print(
        f"200 runs of 1,000 series: false-discovery rate {rates.mean():.4f} ± {error:.4f}, "
        f"power {power:.4f}, {found:.1f} raised a run"
    )
    assert rates.mean() <= 0.10
