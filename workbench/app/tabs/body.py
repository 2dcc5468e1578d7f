"""The Body tab: shape and pose sliders on a live mesh."""

import gradio as gr

from workbench.app import handlers_body as handlers
from workbench.app import models
from workbench.app.components import body_view, slider
from workbench.app.guard import guarded
from workbench.app.tabs.wiring import SLIDING, typed

INTRO = (
    "SMPL describes a person by two lists of numbers: **β** for the shape of the body and **θ** for the "
    "rotation of each joint. Move a slider and watch what one number does."
)


def build(page: gr.Blocks, state: gr.State) -> None:
    """Build and wire the tab; `state` holds the visitor's BodyState, or None before the first change."""
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

    def moved(current, name, *values):
        numbers = [typed(value, limit) for value, limit in zip(values, limits, strict=True)]
        if None in numbers:
            return gr.skip()
        new = handlers.changed(current or first, name, numbers)
        return new, *handlers.show(new), handlers.code(new)

    def set_to(new, name):
        return (
            new,
            *new.betas.tolist(),
            *handlers.angles_deg(new, name),
            *handlers.show(new),
            handlers.code(new),
        )

    sliders = [*betas, *angles]
    limits = [(slider.minimum, slider.maximum) for slider in sliders]
    shown = [view, numbers, code]
    gr.on(
        [event for moving in sliders for event in (moving.input, moving.release)],
        guarded(moved),
        [state, joint, *sliders],
        [state, *shown],
        **SLIDING,
    )
    joint.input(
        guarded(lambda current, name: handlers.angles_deg(current or first, name)),
        [state, joint],
        angles,
        **SLIDING,
    )
    for button, change in (
        (random_pose, handlers.random_pose),
        (random_shape, handlers.random_shape),
        (reset_pose, lambda current: handlers.replace(current, theta=first.theta)),
        (reset_shape, lambda current: handlers.replace(current, betas=first.betas)),
    ):
        button.click(
            guarded(lambda current, name, change=change: set_to(change(current or first), name)),
            [state, joint],
            [state, *sliders, *shown],
            **SLIDING,
        )
    page.load(lambda: (*handlers.show(first), handlers.code(first)), None, shown, **SLIDING)


def _beta_slider(index: int) -> gr.Slider:
    limit = handlers.BETA_LIMIT
    name = f" · {handlers.BETA_NAMES[index]}" if index < len(handlers.BETA_NAMES) else ""
    return slider(f"β{index}{name}", (-limit, limit), 0, 0.05, f"body-beta-{index}")
