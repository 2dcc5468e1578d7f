"""Charts show the numbers they are given."""

import torch

from workbench.figures.charts import loss_curve
from workbench.geometry.camera import perspective_camera
from workbench.recovery import BodyParams, Step


def some_steps(losses: dict[str, float | None]) -> list[Step]:
    params = BodyParams(torch.zeros(10), torch.zeros(24, 3))
    camera = perspective_camera((10, 10), torch.zeros(3))
    return [Step(name, params, camera, loss) for name, loss in losses.items()]


def test_every_loss_is_drawn_once_in_its_stage():
    steps = some_steps({"start": 9.0, "lm 1": 5.0, "lm 2": 4.0, "outline 1": 7.0, "last": None})
    figure = loss_curve(steps, 2)
    drawn = {(x, y) for trace in figure.data for x, y in zip(trace.x, trace.y, strict=True)}
    assert drawn == {(0, 9.0), (1, 5.0), (2, 4.0), (3, 7.0)}
    assert [trace.name for trace in figure.data] == ["start", "lm", "outline"]
    assert figure.layout.shapes[0].x0 == 2


def test_the_axis_is_logarithmic_only_when_losses_span_orders_and_are_positive():
    assert loss_curve(some_steps({"a 1": 1000.0, "a 2": 1.0}), 0).layout.yaxis.type == "log"
    assert loss_curve(some_steps({"a 1": 3.0, "a 2": 1.0}), 0).layout.yaxis.type == "linear"
    assert loss_curve(some_steps({"a 1": 1000.0, "a 2": 0.0}), 0).layout.yaxis.type == "linear"


def test_no_steps_make_an_empty_chart():
    assert len(loss_curve([], -1).data) == 0
