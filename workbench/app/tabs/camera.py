"""The Camera tab: one body, three projections."""

import gradio as gr

from workbench.app import handlers_camera as handlers
from workbench.app.components import body_view, slider
from workbench.app.guard import guarded
from workbench.app.handlers_body import state_of
from workbench.app.tabs.wiring import SLIDING, typed

INTRO = (
    "How a body becomes a picture. Perspective shrinks what is far; weak perspective gives the whole body "
    "one depth; an orthographic camera knows no depth at all. Distortion depends on the **distance** Tz, "
    "not on the lens: lock the size and move Tz to see it."
)


def build(tab: gr.Tab, body_now: gr.JSON) -> None:
    """Build and wire the tab; it is drawn when it is opened. `body_now` is the Body tab's body."""
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
            tz = slider("Distance Tz, m", handlers.TZ_LIMITS_M, first.tz_m, 0.05, "camera-tz")
            focal = slider(
                "Focal length f, px", handlers.FOCAL_LIMITS_PX, first.camera.focal_px, 5, "camera-focal"
            )
            locked = gr.Checkbox(
                False,
                label="Dolly zoom: lock f / Tz, so that the body keeps its size",
                elem_id="camera-lock",
                container=False,
            )
            scale = slider(
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
    scene = [kind, pose, body_now]

    def show(current, kind, pose, body):
        return handlers.show(current, kind, pose, state_of(body))

    def nearer(current, value, lock, *choices):
        tz_m = typed(value, handlers.TZ_LIMITS_M)
        if tz_m is None:
            return gr.skip()
        new = handlers.with_tz(current, tz_m, lock)
        return new, _settled(tz_m, new.tz_m), new.camera.focal_px, *show(new, *choices)

    def zoomed(current, value, lock, *choices):
        focal_px = typed(value, handlers.FOCAL_LIMITS_PX)
        if focal_px is None:
            return gr.skip()
        new = handlers.with_focal(current, focal_px, lock)
        return new, new.tz_m, _settled(focal_px, new.camera.focal_px), *show(new, *choices)

    def rescaled(current, value, *choices):
        px_per_m = typed(value, handlers.SCALE_LIMITS)
        if px_per_m is None:
            return gr.skip()
        new = handlers.with_scale(current, px_per_m)
        return new, *show(new, *choices)

    for moving, handler in ((tz, nearer), (focal, zoomed)):
        gr.on(
            [moving.input, moving.release],
            guarded(handler),
            [state, moving, locked, *scene],
            [state, tz, focal, *shown],
            **SLIDING,
        )
    gr.on([scale.input, scale.release], guarded(rescaled), [state, scale, *scene], [state, *shown], **SLIDING)
    gr.on([kind.input, pose.input, tab.select], guarded(show), [state, *scene], shown, **SLIDING)


def _settled(asked: float, got: float):
    """Where the moved slider goes: nowhere, or typing would be overwritten, unless the lock held it back."""
    return gr.skip() if abs(got - asked) < 1e-3 else got
