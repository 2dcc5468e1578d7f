"""Where a photo and its people are chosen."""

from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from workbench.app import handlers_depth
from workbench.app import handlers_photo as handlers
from workbench.app.components import SAMPLES, people_picker, photo_input, picture_buttons
from workbench.app.fragments import note
from workbench.app.guard import guarded
from workbench.app.session import PhotoSession
from workbench.app.tabs.depth import DepthPanel
from workbench.app.tabs.wiring import QUIET, put_away, shown


@dataclass(frozen=True)
class Chooser:
    """The components, in the order in which a visitor meets them."""

    session: gr.State
    entry: gr.Column
    photo: gr.Image
    samples: gr.HTML
    stage: gr.Column
    picker: gr.HTML
    message: gr.HTML
    depth: DepthPanel
    another: gr.Button
    changes: list[Any] = field(default_factory=list)
    """Events after which the people or the depth map are others."""

    @classmethod
    def build(cls) -> "Chooser":
        """Build them, and wire what happens to people; photos are opened by the tab."""
        session = gr.State(PhotoSession())
        with gr.Column() as entry:
            photo = photo_input("Photo: drop, paste, or take one", "photo-input")
            samples = picture_buttons("Or start with a made-up scene:", SAMPLES, "photo-samples")
        with gr.Column(visible=False) as stage:
            picker = people_picker("The photo with a box around each person", "photo-picker")
            message = gr.HTML(elem_id="photo-message")
            depth = DepthPanel.build()
            another = gr.Button("Another photo", size="md", elem_id="photo-another")
        made = cls(session, entry, photo, samples, stage, picker, message, depth, another)
        made._wire()
        return made

    @property
    def outputs(self) -> list[Any]:
        """Everything that show() and clear() fill."""
        return [self.entry, self.stage, self.photo, *self._people_outputs, *self.depth.outputs]

    @property
    def _people_outputs(self) -> list[Any]:
        return [self.session, self.picker, self.message]

    def show(self, session: PhotoSession) -> dict[Any, Any]:
        """Show a photo with its people instead of the entry."""
        return {
            self.entry: gr.update(visible=False),
            self.stage: shown(),
            **self._show_people(session),
            **self.depth.show(session),
        }

    def clear(self) -> dict[Any, Any]:
        """Back to the entry."""
        return {
            self.session: PhotoSession(),
            self.photo: None,
            self.entry: gr.update(visible=True),
            self.stage: put_away(),
        }

    def _show_people(self, session: PhotoSession) -> dict[Any, Any]:
        return {
            self.session: session,
            self.picker: handlers.people_picture(session),
            self.message: note(handlers.people_text(session)),
        }

    def _show_depth(self, session: PhotoSession) -> dict[Any, Any]:
        return {self.session: session, **self.depth.show(session)}

    def _wire(self) -> None:
        def pick(current: PhotoSession, event: gr.EventData):
            return self._show_people(handlers.toggle(current, event.index))

        def draw(current: PhotoSession, event: gr.EventData):
            return self._show_people(handlers.draw_box(current, event.box))

        def edit(current: PhotoSession, event: gr.EventData):
            return self._show_people(handlers.edit_box(current, event.index, event.box))

        def remove(current: PhotoSession, event: gr.EventData):
            return self._show_people(handlers.remove(current, event.index))

        def measure(current: PhotoSession, path: str, unit: Any):
            return self._show_depth(handlers_depth.add_depth(current, path, unit))

        def forget(current: PhotoSession):
            return self._show_depth(handlers_depth.remove_depth(current))

        picker, people = self.picker, self._people_outputs
        happened = ((picker.pick, pick), (picker.draw, draw), (picker.edit, edit), (picker.remove, remove))
        self.changes.extend(
            event(guarded(handler), self.session, people, **QUIET) for event, handler in happened
        )
        depth, measured = self.depth, [self.session, *self.depth.outputs]
        self.changes.extend(
            (
                depth.add.upload(guarded(measure), [self.session, depth.add, depth.unit], measured, **QUIET),
                depth.remove.click(guarded(forget), self.session, measured, **QUIET),
            )
        )
