"""The Camera tab: one body, three projections."""

from functools import partial

import gradio as gr

from workbench.app import handlers_camera as handlers
from workbench.app.components import body_view
from workbench.app.guard import guarded
from workbench.app.tabs.wiring import SLIDING

INTRO = (
    "How a body becomes a picture. Perspective shrinks what is far; weak perspective gives the whole body "
    "one depth; an orthographic camera knows no depth at all. Distortion depends on the **distance** Tz, "
    "not on the lens: lock the size and move Tz to see it."
)


def build(tab: gr.Tab, body_state: gr.State) -> None:
    """Build and wire the tab; it is drawn when it is opened."""
    first = handlers.start()
    state = gr.State(first)
    gr.Markdown(INTRO)
    with gr.Row(equal_height=False):
        with gr.Column(scale=3, min_width=320, elem_classes="hmr-split"):
            pictures = gr.HTML(elem_id="camera-pictures")
            view = body_view(
                "The camera and the body in 3D", "camera-view", show="ground camera", look="Side", zoom=1.3
            )
        with gr.Column(scale=2, min_width=320):
            kinds = [(title, kind) for kind, title in handlers.KINDS.items()]
            kind = gr.Radio(kinds, value="perspective", label="Projection", elem_id="camera-kind")
            tz = _slider("Distance Tz, m", handlers.TZ_LIMITS_M, first.tz_m, 0.05, "camera-tz")
            focal = _slider(
                "Focal length f, px", handlers.FOCAL_LIMITS_PX, first.camera.focal_px, 5, "camera-focal"
            )
            locked = gr.Checkbox(
                False,
                label="Dolly zoom: lock f / Tz, so that the body keeps its size",
                elem_id="camera-lock",
                container=False,
            )
            scale = _slider(
                "Orthographic scale, px per metre",
                handlers.SCALE_LIMITS,
                first.scale_px_per_m,
                5,
                "camera-scale",
            )
            pose = gr.Radio(
                list(handlers.POSES), value=handlers.POSES[0], label="Body", elem_id="camera-pose"
            )
            numbers = gr.HTML(elem_id="camera-numbers")
            with gr.Accordion("Copy as Python", open=False):
                code = gr.Code(
                    language="python", label="Makes the same camera", elem_id="camera-code", lines=8
                )

    shown = [view, pictures, numbers, code]
    scene = [kind, pose, body_state]

    def redraw(current, *choices):
        return handlers.show(current, *choices)

    def moved(change, current, value, lock, *choices):
        new = change(current, value, lock)
        return new, round(new.tz_m, 3), round(new.camera.focal_px, 1), *handlers.show(new, *choices)

    def rescaled(current, value, *choices):
        new = handlers.with_scale(current, value)
        return new, *handlers.show(new, *choices)

    for slider, change in ((tz, handlers.with_tz), (focal, handlers.with_focal)):
        gr.on(
            [slider.input, slider.release],
            guarded(partial(moved, change)),
            [state, slider, locked, *scene],
            [state, tz, focal, *shown],
            **SLIDING,
        )
    gr.on([scale.input, scale.release], guarded(rescaled), [state, scale, *scene], [state, *shown], **SLIDING)
    gr.on([kind.input, pose.input, tab.select], guarded(redraw), [state, *scene], shown, **SLIDING)


def _slider(label: str, limits: tuple[float, float], value: float, step: float, elem_id: str) -> gr.Slider:
    return gr.Slider(*limits, value=value, step=step, label=label, elem_id=elem_id)
