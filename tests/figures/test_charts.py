"""Charts show the numbers they are given."""

from dataclasses import replace

import torch

from workbench.figures.charts import error_curve, loss_curve
from workbench.geometry.camera import perspective_camera
from workbench.recovery import BodyParams, Step


def some_steps(losses: dict[str, float | None]) -> list[Step]:
    params = BodyParams(torch.zeros(10), torch.zeros(24, 3))
    camera = perspective_camera((10, 10), torch.zeros(3))
    return [Step(name, params, camera, loss) for name, loss in losses.items()]


def traces(steps: list[Step], current: int) -> list[dict]:
    return loss_curve(steps, current).to_plotly_json()["data"]


def axis_type(losses: dict[str, float | None]) -> str:
    return loss_curve(some_steps(losses), 0).to_plotly_json()["layout"]["yaxis"]["type"]


def test_every_loss_is_drawn_once_in_its_stage():
    steps = some_steps({"start": 9.0, "fit 1": 5.0, "fit 2": 4.0, "outline 1": 7.0, "last": None})
    drawn = traces(steps, 2)
    points = {point for trace in drawn for point in zip(trace["x"], trace["y"], strict=True)}
    assert points == {(0, 9.0), (1, 5.0), (2, 4.0), (3, 7.0)}
    assert [trace["name"] for trace in drawn] == ["start", "fit", "outline"]


def steps_of_two_sums() -> list[Step]:
    """The second stage has a term more."""
    terms = [
        {"cost of a": 3.0, "cost of b": 1.0},
        {"cost of a": 2.0, "cost of b": 1.0},
        {"cost of a": 2.0, "cost of b": 1.0, "cost of c": 5.0},
        {"cost of a": 1.0, "cost of b": 1.0, "cost of c": 5.0},
    ]
    steps = some_steps({"fit 1": 4.0, "fit 2": 3.0, "more 1": 8.0, "more 2": 7.0})
    return [
        replace(step, tensors={name: torch.tensor(value) for name, value in own.items()})
        for step, own in zip(steps, terms, strict=True)
    ]


def test_terms_stack_up_to_the_loss():
    steps = steps_of_two_sums()
    heights = dict.fromkeys(range(len(steps)), 0.0)
    for trace in traces(steps, 0):
        for place, value in zip(trace["x"], trace["y"], strict=True):
            heights[place] += value
    assert list(heights.values()) == [step.loss for step in steps]


def test_areas_are_broken_where_the_loss_becomes_another_sum_and_it_is_said():
    drawn = traces(steps_of_two_sums(), 0)
    assert {(trace["stackgroup"], tuple(trace["x"])) for trace in drawn} == {
        (drawn[0]["stackgroup"], (0, 1)),
        (drawn[-1]["stackgroup"], (2, 3)),
    }
    assert [trace["name"] for trace in drawn if trace["showlegend"]] == ["a", "b", "c"]
    (mark,) = loss_curve(steps_of_two_sums(), 0).to_plotly_json()["layout"]["annotations"]
    assert mark["text"] == "more: from here another loss"


def test_the_current_step_is_marked():
    steps = some_steps({"fit 1": 5.0, "fit 2": 4.0})
    assert loss_curve(steps, 1).to_plotly_json()["layout"]["shapes"][0]["x0"] == 1


def test_each_later_stage_is_marked_by_name_where_it_begins():
    steps = some_steps({"start": 9.0, "fit 1": 5.0, "fit 2": 4.0, "outline 1": 7.0})
    layout = loss_curve(steps, 2).to_plotly_json()["layout"]
    assert [(mark["text"], mark["x"]) for mark in layout["annotations"]] == [("fit", 1), ("outline", 3)]
    assert {line["x0"] for line in layout["shapes"][1:]} == {1, 3}
    assert "annotations" not in loss_curve(steps[1:3], 0).to_plotly_json()["layout"]


def test_the_axis_is_logarithmic_only_when_losses_span_orders_and_are_positive():
    assert axis_type({"a 1": 1000.0, "a 2": 1.0}) == "log"
    assert axis_type({"a 1": 3.0, "a 2": 1.0}) == "linear"
    assert axis_type({"a 1": 1000.0, "a 2": 0.0}) == "linear"


def test_no_steps_make_an_empty_chart():
    assert traces([], -1) == []


def test_steps_without_a_loss_show_their_errors_and_leave_gaps():
    steps = some_steps(dict.fromkeys(("mean body", "iteration 1", "iteration 2")))
    drawn = error_curve(steps, [20.0, None, 3.0], 2).to_plotly_json()
    (line,) = drawn["data"]
    assert list(zip(line["x"], line["y"], line["text"], strict=True)) == [
        (0, 20.0, "mean body"),
        (1, None, "iteration 1"),
        (2, 3.0, "iteration 2"),
    ]
    assert drawn["layout"]["shapes"][0]["x0"] == 2
