"""The command line measures methods, prints and writes what it measured, and refuses what it cannot do."""

import json
import math
from dataclasses import replace
from typing import ClassVar

import pytest

from workbench.bench.__main__ import BENCHES, NOTES, main
from workbench.bench.measure import aligned
from workbench.bench.methods import set_names
from workbench.body import load_body
from workbench.evaluation.sets import SETS, samples
from workbench.image import Person
from workbench.method import MethodInfo
from workbench.methods import METHODS
from workbench.methods.smplify import Smplify, SmplifySettings


class Quick(Smplify):
    """SMPLify in a hurry, which stumbles over every second person."""

    info: ClassVar[MethodInfo] = replace(Smplify.info, name="quick")
    seen: ClassVar[list[Person]] = []

    @classmethod
    def load(cls, device="cpu"):
        return cls(load_body(), SmplifySettings(lm_iterations=2, silhouette_iterations=0))

    def recover(self, photo, people, progress=None):
        return [self.one(photo, person) for person in people]

    def one(self, photo, person):
        (recovery,) = super().recover(photo, [person])
        if not any(person is other for other in self.seen):
            self.seen.append(person)
        if len(self.seen) % 2 == 0:
            recovery = replace(recovery, camera=replace(recovery.camera, focal_px=math.nan))
        return recovery


@pytest.fixture
def quick(monkeypatch):
    Quick.seen.clear()
    monkeypatch.setitem(METHODS, "quick", f"{__name__}:Quick")


def test_measures_prints_and_writes(quick, tmp_path, capsys):
    numbers, lines = tmp_path / "numbers.json", tmp_path / "lines.jsonl"
    found = sum(len(sample.people) for sample in samples("test", 5, ()))
    assert main(["quick", "--set", "test", "--n", "5", "--json", str(numbers), "--records", str(lines)]) == 0
    said = capsys.readouterr()
    (result,) = json.loads(numbers.read_text())
    assert {"method", "weights", "set", "n", "seconds", "metrics"} <= set(result)
    assert (result["method"], result["set"], result["n"], result["not_found"]) == (
        "quick",
        "test",
        5,
        5 - found,
    )
    failed = result["failed"]
    assert 0 < failed < found < 5
    for summary in result["metrics"].values():
        assert {"mean", "median", "p95", "ci95"} <= set(summary) and summary["count"] == found - failed
    records = [json.loads(line) for line in lines.read_text().splitlines()]
    assert sum(bool(record["failure"]) for record in records) == failed
    assert sum(record["found"] for record in records) == found
    errors = [record["metrics"]["mpjpe_mm"] for record in records if record["metrics"]]
    assert result["metrics"]["mpjpe_mm"]["mean"] == pytest.approx(sum(errors) / len(errors))
    assert f"5 people, {failed} failed, {5 - found} not found" in said.out
    assert "quick failed" in said.out and "NaN" in said.out
    assert f"5 of 5 recoveries, {failed} failed" in said.err


def test_methods_meet_the_same_people_in_one_table(quick, capsys):
    assert main(["quick", "smplify", "quick", "--n", "1", "--joints", "smplx22"]) == 0
    out = capsys.readouterr().out
    assert "**quick**" in out and "**smplify**" in out and out.count("**quick**") == 1
    assert "joints: smplx22" in out


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ([], "smplify"),
        (["smplifi"], "'smplifi'"),
        (["smplify", "fit"], "by itself"),
        (["smplify", "--set", "beach"], "occluded"),
        (["smplify", "--set", "test,"], "''"),
        (["smplify", "--n", "0"], "at least 1"),
        (["smplify", "--readme", "{here}/README.md"], "README.md"),
        (["smplify", "--runs", "3"], "--runs"),
        (["fit", "--set", "test"], "--set"),
        (["smplify", "--json", "{here}/none/x.json"], "none/x.json"),
        (["smplify", "--json", "{here}"], "directory"),
        (["smplify", "--records", "{here}/none/x.jsonl"], "none/x.jsonl"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_runs(wrong, says, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(Smplify, "recover", lambda *args: pytest.fail("ran for nothing"))
    assert main([word.format(here=tmp_path) for word in wrong]) == 1
    assert says in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_refused_run_leaves_older_numbers_alone(tmp_path):
    numbers = tmp_path / "numbers.json"
    numbers.write_text("[]")
    assert main(["smplify", "--set", "beach", "--json", str(numbers), "--records", str(numbers)]) == 1
    assert numbers.read_text() == "[]"


def test_several_sets_are_lines_of_one_table_in_a_readme(quick, tmp_path, capsys):
    readme, numbers = tmp_path / "README.md", tmp_path / "numbers.json"
    readme.write_text("<!-- bench:methods -->\nold\n<!-- /bench -->\n")
    asked = ["quick", "--set", "close,ood", "--n", "1", "--readme", str(readme), "--json", str(numbers)]
    assert main(asked) == 0
    assert [line["set"] for line in json.loads(numbers.read_text())] == ["close", "ood"]
    text = readme.read_text()
    assert "| quick | none | close | 1 |" in text and "| quick | none | ood | 1 |" in text
    assert "old" not in text and "--set close,ood --n 1" in text


def test_all_sets_leave_out_the_one_for_tuning():
    assert set_names("all") == [name for name in SETS if name != "validation"]
    assert set_names("ood,test,ood") == ["ood", "test"]


def test_lists_what_there_is(capsys):
    assert main(["--list"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in (*METHODS, *SETS, *BENCHES, "h36m17"))


def test_published_numbers_are_apart_and_labelled(capsys):
    assert main(["--published"]) == 0
    said = capsys.readouterr().out
    assert "TokenHMR" in said and "not measured here" in said and "smplify" not in said


def test_no_method_has_the_name_of_a_cost():
    assert not set(METHODS) & set(BENCHES)
    assert set(NOTES) == set(BENCHES)


def test_tables_keep_their_cells_when_their_columns_are_aligned():
    text = "before\n\n| a | long head |\n|---|---|\n| much longer | b |\n\nafter | not a table"
    lines = aligned(text).split("\n")
    assert lines[0] == "before" and lines[-1] == "after | not a table"
    assert len({len(line) for line in lines[2:5]}) == 1
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in (lines[2], lines[4])]
    assert cells == [["a", "long head"], ["much longer", "b"]]
