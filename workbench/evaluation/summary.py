"""From one value per sample to a line of a table."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

RESAMPLES = 1000
LEVEL = 0.95
_CHUNK = 2_000_000  # drawn ids at a time: 16 MB


@dataclass(frozen=True)
class Summary:
    """What all samples say together; None where they say nothing."""

    mean: float | None
    median: float | None
    p95: float | None
    """95 of 100 values do no worse: they are at most this where low is better, at least where high is."""
    ci95: tuple[float, float] | None
    """Where the mean would lie, 95 times in 100, had other samples of the same kind been drawn."""
    count: int
    """Values that are numbers; everything above is of these."""
    invalid: int
    """Values that are NaN or infinite: the method failed there. A mean without them flatters: show both."""

    def as_dict(self) -> dict[str, float | int | list[float] | None]:
        """JSON-ready."""
        return asdict(self) | {"ci95": None if self.ci95 is None else list(self.ci95)}


def summarise(values: Sequence[float], seed: int = 0, better: Literal["low", "high"] = "low") -> Summary:
    """Summarise one metric over independent samples.

    Args:
        values: one per sample; NaN or infinite where the method failed.
        seed: of the resampling; the same values and seed give the same interval.
        better: which values are the good ones; p95 is at the other end.
    """
    everything = np.asarray(values, dtype=np.float64).reshape(-1)
    valid = everything[np.isfinite(everything)]
    invalid = len(everything) - len(valid)
    if len(valid) == 0:
        return Summary(None, None, None, None, 0, invalid)
    return Summary(
        mean=float(valid.mean()),
        median=float(np.median(valid)),
        p95=float(np.percentile(valid, 95 if better == "low" else 5)),
        ci95=mean_interval(valid, seed) if len(valid) > 1 else None,
        count=len(valid),
        invalid=invalid,
    )


def mean_interval(values: Float[np.ndarray, "N"], seed: int = 0) -> tuple[float, float]:
    """95 % interval of the mean by the percentile bootstrap (Efron, Annals of Statistics 1979).

    Samples are taken as independent; several people of one scene are not, quite, and the true interval is
    then somewhat wider.

    Raises:
        ValueError: fewer than two values, or one that is not a number.
    """
    if len(values) < 2 or not bool(np.isfinite(values).all()):
        raise ValueError(f"An interval needs at least 2 finite values; got {len(values)} values.")
    random = np.random.default_rng(seed)
    rows = max(1, _CHUNK // len(values))
    means = []
    for start in range(0, RESAMPLES, rows):
        drawn = random.integers(len(values), size=(min(rows, RESAMPLES - start), len(values)))
        means.append(values[drawn].mean(1))
    tail = 50 * (1 - LEVEL)
    low, high = np.percentile(np.concatenate(means), (tail, 100 - tail))
    return float(low), float(high)


def shown(summary: Summary, digits: int = 3) -> str:
    """For people: the mean, its interval, and how many samples failed.

    Args:
        summary: what to show.
        digits: significant ones.
    """
    if summary.mean is None:
        return f"- ({summary.invalid} failed)" if summary.invalid else "-"
    text = rounded(summary.mean, digits)
    if summary.ci95 is not None:
        text += f" [{rounded(summary.ci95[0], digits)}, {rounded(summary.ci95[1], digits)}]"
    return text + (f" ({summary.invalid} failed)" if summary.invalid else "")


def rounded(value: float, digits: int = 3) -> str:
    """So many significant digits, never in powers of ten."""
    if value == 0:
        return "0"
    return f"{value:.{max(0, digits - 1 - math.floor(math.log10(abs(value))))}f}"
