"""The benchmark counts failures, keeps them out of means, and writes what it says."""

import json
import math
from dataclasses import replace
from typing import ClassVar

import pytest
import torch

from tests.evaluation.people import recovery_of, sample_of, truth_of
from workbench.evaluation.bench import (
    Record,
    Sample,
    details,
    failures,
    run,
    summarise_records,
    table,
    write_results,
)
from workbench.evaluation.metrics import METRICS
from workbench.evaluation.score import Scorer
from workbench.evaluation.summary import summarise
from workbench.method import MethodInfo
from workbench.methods.smplify import Smplify, SmplifySettings


class Echo:
    """Knows the truths; says what it is told of some of them."""

    info: ClassVar[MethodInfo] = MethodInfo("echo", "", "", "", "none", "", "")

    @classmethod
    def load(cls, device="cpu"):
        return cls(())

    def __init__(self, samples, answers=()):
        self.truths = {id(p): t for s in samples for p, t in zip(s.people, s.truths, strict=True)}
        self.order = list(self.truths)
        self.answers = dict(answers)

    def recover(self, photo, people, progress=None):
        (person,) = people
        answer = self.answers.get(self.order.index(id(person)))
        if answer == "refuse":
            raise ValueError("This person shows nothing but a foot.")
        recovery = recovery_of(self.truths[id(person)])
        if answer == "nan":
            recovery = replace(recovery, camera=replace(recovery.camera, focal_px=math.nan))
        if answer == "absurd":
            params = replace(recovery.params, betas=torch.full_like(recovery.params.betas, 1e38))
            recovery = replace(recovery, params=params)
        if answer == "far":
            t = recovery.camera.t_camera_body_m + torch.tensor([0, 0, 1.0])
            recovery = replace(recovery, camera=replace(recovery.camera, t_camera_body_m=t))
        return [recovery]


@pytest.fixture(scope="module")
def scorer(body):
    return Scorer({body.topology: body})


@pytest.fixture(scope="module")
def samples(body):
    return [sample_of(body, truth_of(body, (0.0, 0.1, 3.0 + 0.3 * i)), str(i)) for i in range(4)]


def test_failures_are_counted_and_enter_no_mean(samples, scorer):
    records = run([Echo(samples, {1: "nan", 2: "refuse", 3: "far"})], samples, "test", scorer)
    assert [bool(r.failure) for r in records] == [False, True, True, False]
    assert "foot" in records[2].failure and not records[2].metrics
    (result,) = summarise_records(records)
    assert (result.n, result.failed, result.method, result.set) == (4, 2, "echo", "test")
    depth = result.metrics["e_tz_m"]
    assert depth.mean == pytest.approx(0.5, abs=1e-4) and (depth.count, depth.invalid) == (2, 2)
    assert all(summary.invalid == 2 for summary in result.metrics.values())
    assert "2 failed" in table([result])


def test_an_absurd_body_fails_alone(samples, scorer):
    records = run([Echo(samples, {1: "absurd", 2: "nan"})], samples, "test", scorer)
    plain = run([Echo(samples)], samples, "test", scorer)
    assert "so large" in records[1].failure and "parameters" in records[2].failure
    for failed in (records[1], records[2]):
        assert failed.metrics == {} and failed.seconds is None and failed.found
    assert [records[0].metrics, records[3].metrics] == [
        pytest.approx(plain[i].metrics, abs=1e-4) for i in (0, 3)
    ]


def test_a_wrong_truth_is_a_mistake_not_a_failure(samples, scorer):
    (truth,) = samples[1].truths
    wrong = replace(truth, params=replace(truth.params, betas=torch.full_like(truth.params.betas, torch.nan)))
    method = Echo(samples)
    method.recover = lambda photo, people, progress=None: [recovery_of(truth)]
    with pytest.raises(ValueError, match="finite"):
        run([method], [samples[0], replace(samples[1], truths=(wrong,))], "test", scorer)


def test_all_failed_is_a_line_too(samples, scorer):
    records = run([Echo(samples, dict.fromkeys(range(4), "refuse"))], samples, "test", scorer)
    (result,) = summarise_records(records)
    assert (result.n, result.failed, result.seconds, result.metrics) == (4, 4, None, {})
    assert "| echo | none | test | 4 | 0 | 4 | - |" in table([result])


def test_reasons_of_failures_are_counted(samples, scorer):
    records = run([Echo(samples, {0: "nan", 1: "refuse", 3: "refuse"})], samples, "test", scorer)
    most, other = failures(records).splitlines()
    assert "failed 2 times" in most and "1/0" in most and "foot" in most
    assert "failed 1 times" in other and "0/0" in other and "NaN" in other
    assert failures([]) == "" and summarise_records([]) == []


def test_people_who_are_not_found_are_counted_and_enter_no_mean(samples, scorer):
    missing = [replace(samples[0], missed=2), *samples[1:]]
    records = run([Echo(samples)], missing, "test", scorer)
    assert [record.found for record in records] == [True, False, False, True, True, True]
    assert [record.sample for record in records][:3] == ["0/0", "0/not found 0", "0/not found 1"]
    (result,) = summarise_records(records)
    (all_found,) = summarise_records(run([Echo(samples)], samples, "test", scorer))
    assert (result.n, result.not_found, result.failed) == (6, 2, 0)
    assert result.metrics == all_found.metrics and not failures(records)
    assert "2 not found" in details(result) and "| test | 6 | 2 | 0 |" in table([result])


def test_a_picture_in_which_nobody_is_found_is_counted_too(samples, scorer):
    empty = replace(samples[0], people=(), truths=(), missed=1)
    (result,) = summarise_records(run([Echo(samples)], [empty], "test", scorer))
    assert (result.n, result.not_found, result.failed, result.metrics) == (1, 1, 0, {})


def test_broken_numerics_are_a_failure_of_the_method(samples, scorer, monkeypatch):
    def singular(self, photo, people, progress=None):
        raise torch.linalg.cholesky(torch.zeros(2, 2))

    monkeypatch.setattr(Echo, "recover", singular)
    assert "cholesky" in run([Echo(samples)], samples[:1], "test", scorer)[0].failure


def test_what_cannot_be_measured_is_left_out_not_failed():
    records = [Record("a", "none", "test", "lsp14", str(i), 0.1, {"mpjpe_mm": 5.0}) for i in range(3)]
    records[0].metrics["pve_mm"] = 7.0
    (result,) = summarise_records(records)
    assert result.metrics["pve_mm"].count == 1 and result.metrics["pve_mm"].invalid == 0


def test_a_nan_metric_is_invalid_though_the_recovery_is_not():
    records = [Record("a", "none", "t", "lsp14", "0", 0.1, {"e_inv_tz": math.nan, "e_tz_m": 1.0})]
    (result,) = summarise_records(records)
    assert result.metrics["e_inv_tz"].invalid == 1 and result.metrics["e_tz_m"].invalid == 0
    assert records[0].as_dict()["metrics"]["e_inv_tz"] is None


def test_one_line_per_method_weights_set_and_joints():
    lines = [
        ("a", "none", "x"),
        ("a", "open", "x"),
        ("a", "none", "y"),
        ("b", "none", "x"),
        ("a", "none", "x"),
    ]
    records = [Record(*line, "lsp14", str(i), 0.1, {"mpjpe_mm": float(i)}) for i, line in enumerate(lines)]
    results = summarise_records(records)
    assert [(r.method, r.weights, r.set, r.n) for r in results] == [
        ("a", "none", "x", 2),
        ("a", "open", "x", 1),
        ("a", "none", "y", 1),
        ("b", "none", "x", 1),
    ]


def test_files_hold_what_was_measured(samples, scorer, tmp_path):
    seen = []
    records = run([Echo(samples, {1: "nan"})], samples, "test", scorer, seen.append)
    assert seen == records
    results = summarise_records(records)
    write_results(tmp_path / "results.json", results)
    (line,) = json.loads((tmp_path / "results.json").read_text())
    assert {"method", "weights", "set", "n", "seconds", "metrics"} <= set(line)
    assert set(line["metrics"]) == set(METRICS)
    for values in line["metrics"].values():
        assert {"mean", "median", "p95", "ci95"} <= set(values) and len(values["ci95"]) == 2
    lines = [json.loads(json.dumps(record.as_dict(), allow_nan=False)) for record in records]
    assert [entry["sample"] for entry in lines] == ["0/0", "1/0", "2/0", "3/0"]
    assert lines[1]["failure"] and lines[0]["metrics"]["mpjpe_mm"] == records[0].metrics["mpjpe_mm"]


def test_table_has_as_many_cells_in_each_line(samples, scorer):
    results = summarise_records(run([Echo(samples)], samples, "test", scorer))
    short = replace(results[0], method="other", metrics={"mpjpe_mm": results[0].metrics["mpjpe_mm"]})
    lines = [line for line in table([*results, short]).splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in lines}) == 1 and len(lines) == 4
    assert "PA-MPJPE (mm)" in lines[0]
    assert "PVE" not in table(results, ["mpjpe_mm"])


def test_details_show_every_metric_and_its_failures(samples, scorer):
    (result,) = summarise_records(run([Echo(samples, {1: "nan", 3: "far"})], samples, "test", scorer))
    text = details(result)
    assert "4 people, 1 failed, 0 not found, joints lsp14" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + len(METRICS) and len({row.count("|") for row in rows}) == 1
    (depth,) = [row for row in rows if "| E_Tz |" in row]
    assert "| m | low | 0.333 |" in depth and "| 1 |" in depth
    one = details(replace(result, metrics={"e_tz_m": summarise([2.0])}))
    assert "| 2.00 | 2.00 | 2.00 | - to - | 0 |" in one


def test_the_bad_tail_is_told_whichever_way_is_better(samples, scorer):
    record = run([Echo(samples)], samples[:1], "test", scorer)[0]
    records = [
        replace(record, metrics={"mpjpe_mm": float(n), "miou": n / 100, "pck_pct": float(n)}, failure="")
        for n in range(101)
    ]
    (result,) = summarise_records(records)
    tails = {name: summary.p95 for name, summary in result.metrics.items()}
    assert tails == pytest.approx({"mpjpe_mm": 95, "miou": 0.05, "pck_pct": 5})
    assert "95 % no worse than" in details(result)


def test_people_without_a_truth_are_a_mistake(samples, scorer):
    bad = Sample("x", samples[0].photo, samples[0].people, ())
    with pytest.raises(ValueError, match="1 people and 0 truths"):
        run([Echo(samples)], [bad], "test", scorer)


def test_a_real_method_on_perfect_landmarks(samples, scorer, body):
    method = Smplify(body, SmplifySettings(silhouette_iterations=0))
    (result,) = summarise_records(run([method], samples[:2], "test", scorer))
    pa, plain, g = (result.metrics[key].mean for key in ("pa_mpjpe_mm", "mpjpe_mm", "g_mpjpe_mm"))
    assert pa is not None and plain is not None and g is not None
    assert pa < 30 and plain < 60 and result.failed == 0
    assert result.metrics["reprojection_px"].p95 == pytest.approx(0, abs=4)
