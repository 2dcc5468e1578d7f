"""The Body tab: shape and pose sliders on a live mesh."""

import json
from collections.abc import Sequence

import gradio as gr

from workbench.app import handlers_body as handlers
from workbench.app import models
from workbench.app.components import body_view, slider
from workbench.app.guard import guarded
from workbench.app.tabs.wiring import IN_BROWSER, SLIDING

INTRO = (
    "SMPL describes a person by two lists of numbers: **β** for the shape of the body and **θ** for the "
    "rotation of each joint. Move a slider and watch what one number does."
)
DRAW = """(now) => { document.querySelector("#body-view .hmr-view")?.bodyView?.pose(now); }"""
"""JavaScript: show the body of these parameters."""
MOVE = """(now, joint, value) => {{
  if (!Number.isFinite(value)) return now; // still being typed
  const number = Math.min(Math.max(value, {low}), {high});
  const next = JSON.parse(JSON.stringify(now));
  {change};
  ({draw})(next);
  return next;
}}"""
"""JavaScript: the parameters after a slider moved, and the body shown."""
ANGLES = """(now, joint) =>
  now.theta[{names}.indexOf(joint)].map((rad) => Math.round(1800 / Math.PI * rad) / 10)"""
"""JavaScript: where the three angle sliders stand for a joint, degrees."""


def build(page: gr.Blocks, body_now: gr.JSON, model: str | None) -> None:
    """Build and wire the tab.

    Args:
        page: fills the tab when it is loaded.
        body_now: the visitor's body: handlers.parameters, kept by the page.
        model: address of the body for browsers; without it the view asks for vertices.
    """
    names = models.joint_names(models.body())
    first = handlers.rest()
    gr.Markdown(INTRO)
    with gr.Row(equal_height=False):
        with gr.Column(scale=3, min_width=320, elem_classes="hmr-sticky"):
            view = body_view("The body in 3D; drag to turn it, scroll or pinch to come closer", "body-view")
        with gr.Column(scale=2, min_width=320):
            numbers = gr.HTML(elem_id="body-facts")
            gr.Markdown("### Pose θ")
            joint = gr.Dropdown(list(names), value="left shoulder", label="Joint", elem_id="body-joint")
            angles = [
                slider(f"{axis} rotation, degrees", (-180, 180), 0, 1, f"body-angle-{axis}") for axis in "xyz"
            ]
            with gr.Row():
                random_pose = gr.Button("Random pose", min_width=120)
                reset_pose = gr.Button("Rest pose", min_width=120)
            gr.Markdown("### Shape β, in standard deviations")
            with gr.Row(elem_classes="hmr-sliders"):
                betas = [_beta_slider(index) for index in range(len(first.betas))]
            with gr.Row():
                random_shape = gr.Button("Random shape", min_width=120)
                reset_shape = gr.Button("Mean shape", min_width=120)
            with gr.Accordion("Copy as Python", open=False):
                code = gr.Code(language="python", label="Makes the same mesh", elem_id="body-code", lines=8)

    _wire_sliders(body_now, joint, betas, angles, names)

    def set_to(new, name):
        return handlers.parameters(new), *new.betas.tolist(), *handlers.angles_deg(new, name)

    def describe(now):
        state = handlers.state_of(now)
        return handlers.facts_of(state), handlers.code(state)

    for button, change in (
        (random_pose, handlers.random_pose),
        (random_shape, handlers.random_shape),
        (reset_pose, lambda current: handlers.replace(current, theta=first.theta)),
        (reset_shape, lambda current: handlers.replace(current, betas=first.betas)),
    ):
        button.click(
            guarded(lambda now, name, change=change: set_to(change(handlers.state_of(now)), name)),
            [body_now, joint],
            [body_now, *betas, *angles],
            **SLIDING,
        ).then(None, body_now, None, js=DRAW, **IN_BROWSER)
    view.settle(guarded(describe), body_now, [numbers, code], **SLIDING)
    page.load(
        lambda: (handlers.view(first, model), handlers.facts_of(first), handlers.code(first)),
        None,
        [view, numbers, code],
        **SLIDING,
    )


def _wire_sliders(
    body_now: gr.JSON,
    joint: gr.Dropdown,
    betas: Sequence[gr.Slider],
    angles: Sequence[gr.Slider],
    names: Sequence[str],
) -> None:
    """Sliders change the body in the browser; Python hears of it when they rest, by the view's `settle`."""
    turn = f"next.theta[{json.dumps(names)}.indexOf(joint)]"
    changes = [f"next.betas[{index}] = number" for index in range(len(betas))]
    changes += [f"{turn}[{axis}] = number * Math.PI / 180" for axis in range(3)]
    for moving, change in zip((*betas, *angles), changes, strict=True):
        gr.on(
            [moving.input, moving.release],
            None,
            [body_now, joint, moving],
            body_now,
            js=MOVE.format(low=moving.minimum, high=moving.maximum, change=change, draw=DRAW),
            **IN_BROWSER,
        )
    show_angles = ANGLES.format(names=json.dumps(names))
    joint.input(None, [body_now, joint], list(angles), js=show_angles, **IN_BROWSER)


def _beta_slider(index: int) -> gr.Slider:
    limit = handlers.BETA_LIMIT
    name = f" · {handlers.BETA_NAMES[index]}" if index < len(handlers.BETA_NAMES) else ""
    return slider(f"β{index}{name}", (-limit, limit), 0, 0.05, f"body-beta-{index}")
