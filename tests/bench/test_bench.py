"""The benchmark measures, prints, writes, and says what is wrong; how fast is nobody's law."""

import json

import pytest

from workbench.bench import fit
from workbench.bench.__main__ import BENCHES, main, replace_table
from workbench.bench.measure import Row, aligned, median_cpu_s, table
from workbench.body import load_body
from workbench.weights import asset

ROWS = [Row("a thing", 1.5, "s", "<= 2", 3), Row("another", 2.0, "MB")]


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setitem(BENCHES, "fit", lambda photo, runs: ROWS)


def test_costs_of_a_photo():
    rows = fit._photo_rows(asset("samples/walking.jpg"), load_body(), runs=1)
    found, fitted, outlined = (row.value for row in rows)
    assert 0 < found < fitted < outlined


def test_a_photo_of_two_is_refused(capsys):
    assert main(["fit", "--photo", str(asset("samples/two_friends.jpg")), "--runs", "1"]) == 1
    assert "one person" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--runs", "0"], ["--photo", "missing.jpg"]])
def test_wrong_options_are_explained(wrong, capsys):
    assert main(["fit", *wrong]) == 1
    assert len(capsys.readouterr().err) > 20


def test_table_lands_between_its_markers(quick, tmp_path, capsys):
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- bench:fit -->\nold\n<!-- /bench -->\nafter\n")
    assert main(["fit", "--readme", str(readme), "--json", str(tmp_path / "rows.json")]) == 0
    text = readme.read_text()
    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text
    assert table(ROWS) in text and aligned(table(ROWS)) in capsys.readouterr().out
    assert json.loads((tmp_path / "rows.json").read_text())[0]["value"] == 1.5


def test_missing_markers_are_found_before_measuring(tmp_path, monkeypatch, capsys):
    (tmp_path / "README.md").write_text("nothing here")
    monkeypatch.setitem(BENCHES, "fit", lambda photo, runs: pytest.fail("measured for nothing"))
    assert main(["fit", "--readme", str(tmp_path / "README.md")]) == 1
    assert "bench:fit" in capsys.readouterr().err


def test_checking_markers_changes_nothing(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("<!-- bench:fit -->\nold\n<!-- /bench -->\n")
    replace_table(readme, "fit", None)
    assert "old" in readme.read_text()


def test_median_counts_work_not_waiting():
    calls = []
    assert median_cpu_s(lambda: calls.append(sum(range(200_000))), 3) > 0
    assert len(calls) == 4  # one to warm up
