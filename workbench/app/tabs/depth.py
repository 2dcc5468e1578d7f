"""The depth map of a photo: added by the visitor, or measured in a made-up scene."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.app import handlers_depth as handlers
from workbench.app.session import PhotoSession

ABOUT = (
    "What a depth camera measured of this photo, registered to it: a picture of 16 bits (PNG, TIFF), or "
    "an .npy or .npz. 0 stands for not measured. Say first what a step of its numbers is, then add it. "
)


@dataclass(frozen=True)
class DepthPanel:
    """The components, in the order in which a visitor meets them."""

    panel: gr.Accordion
    picture: gr.HTML
    unit: gr.Dropdown
    add: gr.UploadButton
    remove: gr.Button

    @classmethod
    def build(cls) -> "DepthPanel":
        """Build them; what is pressed is wired by the chooser, whose photo it is about."""
        with gr.Accordion("Depth map", open=False, elem_id="photo-depth") as panel:
            gr.Markdown(ABOUT + handlers.read_by())
            picture = gr.HTML(elem_id="photo-depth-picture")
            unit = gr.Dropdown(
                [(title, key) for key, (title, _) in handlers.UNITS.items()],
                value=next(iter(handlers.UNITS)),
                label="One step of its numbers is",
                elem_id="photo-depth-unit",
            )
            with gr.Row():
                add = gr.UploadButton(
                    "Add a depth map", file_types=[*handlers.FORMATS], size="sm", elem_id="photo-depth-add"
                )
                remove = gr.Button("Remove it", size="sm", visible=False, elem_id="photo-depth-remove")
        return cls(panel, picture, unit, add, remove)

    @property
    def outputs(self) -> list[Any]:
        """Everything that show() fills."""
        return [self.panel, self.remove, self.picture]

    def show(self, session: PhotoSession) -> dict[Any, Any]:
        """Show the photo's depth map; without one the panel is closed."""
        there = session.depth_m is not None
        return {
            self.panel: gr.update(open=there, visible=not session.blank),
            self.remove: gr.update(visible=bool(session.depth_code)),
            self.picture: handlers.depth_shown(session),
        }
