"""The solver's benchmark tells apart what it should; how well it does is nobody's law here."""

from workbench.bench import camera


def test_exact_cases_are_solved_and_wrong_ones_are_worse():
    exact, wrong = camera.cases(2), camera.cases(2, mask=camera.ragged_mask, tz=1.05, turn_rad=0.07)
    for good, bad in zip(exact, wrong, strict=True):
        assert good.focal_px == bad.focal_px
        one, other = (camera.solved(case, evaluations=25) for case in (good, bad))
        assert one.iou > other.iou
        assert one.focal_error_pct < other.focal_error_pct


def test_promises_are_told_for_exact_input_only():
    rows = camera._rows("exact", camera.cases(1), {"evaluations": 2})
    others = camera._rows("other", camera.cases(1), {"evaluations": 2})
    assert sum(bool(row.goal) for row in rows) == 4
    assert not any(row.goal for row in others)
    assert all(row.runs == 1 for row in rows)
