"""The cost of made-up people is told row by row; how high it is is nobody's law."""

from workbench.bench.measure import table
from workbench.bench.synth import EVERYTHING, Sizes, run


def test_every_row_is_measured_and_says_with_how_many():
    rows = run(None, 1, Sizes(people=8, batch=4, pictures=2, scenes=1))
    assert all(row.value > 0 for row in rows) and len({row.what for row in rows}) == len(rows)
    assert EVERYTHING in [row.what for row in rows]
    assert rows[-2].what == "benchmark of the regressor: 1,000 scenes, scaled up from 1"
    assert rows[-1].what.startswith("benchmark of the regressor: 1,000 people, scaled up from ")
    assert rows[-2].value >= rows[-1].value
    assert rows[-1].unit == "cpu-s" and "cpu-s" in table(rows)
