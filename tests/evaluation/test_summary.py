"""Summaries count failures apart, and their interval holds the mean as often as it says."""

import json
import math

import numpy as np
import pytest
from scipy.stats import bootstrap

from workbench.evaluation.summary import mean_interval, rounded, shown, summarise


def test_by_hand():
    summary = summarise([float(x) for x in range(1, 101)])
    assert (summary.mean, summary.median, summary.count, summary.invalid) == (50.5, 50.5, 100, 0)
    assert summary.p95 == pytest.approx(95.05)
    assert summary.ci95 is not None and summary.ci95[0] < 50.5 < summary.ci95[1]


def test_p95_is_the_bad_end_whichever_it_is():
    values = np.random.default_rng(0).gamma(2, 30, 400)
    low, high = summarise(values.tolist()), summarise((-values).tolist(), better="high")
    assert low.p95 is not None and high.p95 == pytest.approx(-low.p95)
    assert (values <= low.p95).mean() == pytest.approx(0.95, abs=0.01)
    assert low.median == pytest.approx(-(high.median or 0)) and low.mean == pytest.approx(-(high.mean or 0))


def test_failures_are_counted_never_averaged():
    good = [3.0, 4.0, 8.0]
    spoilt = summarise([math.nan, *good, math.inf, -math.inf])
    assert spoilt.invalid == 3 and spoilt.count == 3
    clean = summarise(good)
    assert (spoilt.mean, spoilt.median, spoilt.p95, spoilt.ci95) == (
        clean.mean,
        clean.median,
        clean.p95,
        clean.ci95,
    )
    assert "3 failed" in shown(spoilt) and "failed" not in shown(clean)


@pytest.mark.parametrize(("values", "count"), [([], 0), ([math.nan] * 4, 0), ([2.0], 1)])
def test_too_little_to_say(values, count):
    summary = summarise(values)
    assert summary.count == count and summary.ci95 is None
    assert (summary.mean is None) == (count == 0)
    json.dumps(summary.as_dict(), allow_nan=False)
    assert shown(summary)


def test_seeded_and_blind_to_units():
    values = np.random.default_rng(0).gamma(2, 30, 200)
    assert summarise(values.tolist()) == summarise(values.tolist())
    low, high = mean_interval(values)
    assert mean_interval(values, seed=1) != (low, high)
    assert mean_interval(10 * values) == pytest.approx((10 * low, 10 * high))


def test_interval_is_scipys():
    values = np.random.default_rng(0).gamma(2, 30, 300)
    theirs = bootstrap((values,), np.mean, n_resamples=5000, method="percentile", rng=1).confidence_interval
    width = theirs.high - theirs.low
    assert mean_interval(values) == pytest.approx((theirs.low, theirs.high), abs=0.06 * width)


def test_interval_holds_the_mean_as_often_as_it_says():
    random = np.random.default_rng(0)
    hits = 0
    for seed in range(300):
        low, high = mean_interval(random.gamma(2, 30, 80), seed)
        hits += low <= 60 <= high
    assert 0.89 <= hits / 300 <= 0.98


def test_more_samples_narrow_it():
    random = np.random.default_rng(0)
    width = [float(np.ptp(mean_interval(random.normal(0, 1, n)))) for n in (50, 5000)]
    assert width[0] == pytest.approx(10 * width[1], rel=0.3)


def test_needs_two_numbers():
    with pytest.raises(ValueError, match="at least 2"):
        mean_interval(np.array([1.0]))


def test_shown_keeps_the_digits_that_mean_something():
    assert shown(summarise([0.01234] * 2)) == "0.0123 [0.0123, 0.0123]"
    assert shown(summarise([123.4, 123.4])).startswith("123 [")
    assert shown(summarise([0.0, 0.0])) == "0 [0, 0]"
    assert shown(summarise([])) == "-"
    assert [rounded(x) for x in (1234.5, -0.00098765, 1e-9)] == ["1234", "-0.000988", "0.00000000100"]
