"""Where a photo and its people are chosen."""

from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from workbench.app import handlers_photo as handlers
from workbench.app.components import SAMPLES, people_picker, photo_input, picture_buttons
from workbench.app.fragments import note
from workbench.app.guard import guarded
from workbench.app.session import PhotoSession
from workbench.app.tabs.wiring import QUIET

EDGES = ("left", "top", "right", "bottom")
NOBODY = -1
"""Stands for a person who is not there yet."""


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
    another: gr.Button
    who: gr.Dropdown
    edges: list[gr.Number]
    apply: gr.Button
    remove: gr.Button
    changes: list[Any] = field(default_factory=list)
    """Events after which the people are others."""

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
            another = gr.Button("Another photo", size="md", elem_id="photo-another")
            with gr.Accordion("A box in numbers", open=False):
                who = gr.Dropdown(_people([]), value=NOBODY, label="Whose box", elem_id="photo-who")
                with gr.Row():
                    edges = [_edge(name) for name in EDGES]
                with gr.Row():
                    apply = gr.Button("Set box", min_width=100, elem_id="photo-set-box")
                    remove = gr.Button(
                        "Remove person", interactive=False, min_width=100, elem_id="photo-remove"
                    )
        made = cls(session, entry, photo, samples, stage, picker, message, another, who, edges, apply, remove)
        made._wire()
        return made

    @property
    def outputs(self) -> list[Any]:
        """Everything that show() and clear() fill."""
        return [self.entry, self.stage, self.photo, *self._people_outputs]

    @property
    def _people_outputs(self) -> list[Any]:
        return [self.session, self.picker, self.message, self.who, *self._of_who]

    @property
    def _of_who(self) -> list[Any]:
        """What depends on whose box is looked at."""
        return [*self.edges, self.remove]

    def show(self, session: PhotoSession) -> dict[Any, Any]:
        """Show a photo with its people instead of the entry."""
        return {
            self.entry: gr.update(visible=False),
            self.stage: gr.update(visible=True),
            **self._show_people(session),
        }

    def clear(self) -> dict[Any, Any]:
        """Back to the entry."""
        return {
            self.session: PhotoSession(),
            self.photo: None,
            self.entry: gr.update(visible=True),
            self.stage: gr.update(visible=False),
        }

    def _show_people(self, session: PhotoSession) -> dict[Any, Any]:
        return {
            self.session: session,
            self.picker: handlers.people_picture(session),
            self.message: note(handlers.people_text(session)),
            self.who: gr.update(choices=_people(session.guests), value=NOBODY),
            **dict(zip(self._of_who, self._numbers(session, NOBODY), strict=True)),
        }

    def _numbers(self, session: PhotoSession, who: int) -> list[Any]:
        return [*handlers.box_in_numbers(session, who), gr.update(interactive=who != NOBODY)]

    def _wire(self) -> None:
        def pick(current: PhotoSession, event: gr.EventData):
            return self._show_people(handlers.toggle(current, event.index))

        def draw(current: PhotoSession, event: gr.EventData):
            return self._show_people(handlers.draw_box(current, event.box))

        def edit(current: PhotoSession, event: gr.EventData):
            return self._show_people(handlers.edit_box(current, event.index, event.box))

        def typed(current: PhotoSession, who: int, *edges: float | None):
            new = who == NOBODY
            return self._show_people(
                handlers.draw_box(current, edges) if new else handlers.edit_box(current, who, edges)
            )

        def remove(current: PhotoSession, who: int):
            return self._show_people(handlers.remove(current, who))

        picker, people = self.picker, self._people_outputs
        self.who.change(guarded(self._numbers), [self.session, self.who], self._of_who, **QUIET)
        self.changes.extend(
            (
                picker.pick(guarded(pick), self.session, people, **QUIET),
                picker.draw(guarded(draw), self.session, people, **QUIET),
                picker.edit(guarded(edit), self.session, people, **QUIET),
                self.apply.click(guarded(typed), [self.session, self.who, *self.edges], people, **QUIET),
                self.remove.click(guarded(remove), [self.session, self.who], people, **QUIET),
            )
        )


def _edge(name: str) -> gr.Number:
    return gr.Number(None, label=f"{name}, px", min_width=80, precision=0, elem_id=f"photo-{name}")


def _people(guests: Any) -> list[tuple[str, int]]:
    return [("A new person", NOBODY), *((f"Person {place + 1}", place) for place in range(len(guests)))]
