"""The lower half of the Photo tab: what a method recovered, and how it got there."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.app import copied_code
from workbench.app import handlers_files as files
from workbench.app import handlers_result as handlers
from workbench.app.components import body_view, chart, photo_view, slider
from workbench.app.fragments import note
from workbench.app.guard import guarded
from workbench.app.session import PhotoSession
from workbench.app.tabs.wiring import SLIDING, put_away, shown, typed

TITLES = {
    "glb": "Mesh GLB",
    "obj": "Mesh OBJ",
    "ply": "Mesh PLY",
    "json": "recovery.json",
    "png": "Overlay PNG",
}
FILES = (
    "Meshes are in metres with the camera at the origin, x right, y up, z towards the viewer; "
    "recovery.json holds this person; the overlay shows everybody."
)


@dataclass(frozen=True)
class Results:
    """The components, in the order in which a visitor meets them."""

    session: gr.State
    """The photo and people as they were when the method ran, with its results."""
    column: gr.Column
    person: gr.Radio
    left_out: gr.HTML
    """Who has no result."""
    summary: gr.HTML
    overlay: gr.HTML
    world: gr.HTML
    step: gr.Slider
    step_text: gr.HTML
    curve: gr.HTML
    slot: gr.Column
    """Room for what only some photos have."""
    sides: gr.HTML
    parameters: gr.HTML
    downloads: list[gr.DownloadButton]
    code: gr.Code
    to_camera: gr.Button
    """Looks at the chosen person in the Camera tab, which wires it."""
    changes: list[Any]
    """Events after which there are other results, or none."""

    @classmethod
    def build(cls) -> "Results":
        """Build and wire them; they stay hidden until there is a result."""
        session = gr.State(PhotoSession())
        with gr.Column(visible=False, elem_id="photo-results") as column:
            gr.Markdown("## Result")
            person = gr.Radio([], label="Person", elem_id="result-person", container=False)
            left_out = gr.HTML(visible=False, elem_id="result-left-out")
            summary = gr.HTML(elem_id="result-summary")
            with gr.Row(equal_height=False):
                with gr.Column(scale=1, min_width=320):
                    overlay = photo_view("The photo with the recovered bodies laid over it", "result-overlay")
                    label = "Trace: step from the first guess to the result"
                    step = slider(label, (0, 1), 0, 1, "result-step")
                    step_text = gr.HTML(elem_id="result-step-text")
                with gr.Column(scale=1, min_width=320):
                    world = body_view("The recovered bodies in 3D; drag to turn", "result-world")
                    gr.HTML(note(handlers.GROUND))
                    curve = chart("Loss at every step", "result-curve")
            slot = gr.Column()
            to_camera = gr.Button(
                "What if the camera stood elsewhere? Open in the Camera tab",
                size="sm",
                elem_id="result-camera",
            )
            gr.Markdown("### From the camera, from its right and from above")
            sides = gr.HTML(elem_id="result-sides")
            with gr.Accordion("Parameters at this step", open=False):
                parameters = gr.HTML(elem_id="result-parameters")
            gr.Markdown("### Take it with you")
            gr.HTML(note(FILES))
            with gr.Row():
                downloads = [
                    gr.DownloadButton(TITLES[kind], min_width=130, elem_id=f"download-{kind}", size="md")
                    for kind in files.KINDS
                ]
            with gr.Accordion("Copy as Python", open=False):
                code = gr.Code(
                    language="python", label="Makes the same result", elem_id="result-code", lines=8
                )
        made = cls(
            session,
            column,
            person,
            left_out,
            summary,
            overlay,
            world,
            step,
            step_text,
            curve,
            slot,
            sides,
            parameters,
            downloads,
            code,
            to_camera,
            [],
        )
        made._wire()
        return made

    @property
    def outputs(self) -> list[Any]:
        """Everything that show() fills."""
        return [*self.hidden, self.person, self.left_out, *self._of_person]

    @property
    def hidden(self) -> list[Any]:
        """Everything that hide() empties."""
        return [self.session, self.column]

    @property
    def outputs_of_person(self) -> list[Any]:
        """Everything that show_again() fills."""
        return [self.session, *self._of_person]

    @property
    def _moment(self) -> list[Any]:
        """What moves with the trace."""
        return [self.overlay, self.world, self.curve, self.step_text, self.parameters]

    @property
    def _of_person(self) -> list[Any]:
        """What changes with the person."""
        return [self.summary, self.step, self.sides, self.code, *self._moment]

    def show(self, session: PhotoSession) -> dict[Any, Any]:
        """Show the results of a session, the first person first."""
        names, left_out = handlers.names(session), handlers.left_out(session)
        return {
            self.session: session,
            self.column: shown(),
            self.person: gr.update(choices=names, value=0, visible=len(names) > 1),
            self.left_out: gr.update(value=left_out, visible=bool(left_out)),
            **dict(zip(self._of_person, self._person_values(session, 0), strict=True)),
        }

    def show_again(self, session: PhotoSession, place: int) -> dict[Any, Any]:
        """Show another result of the person who is looked at; everything else stays."""
        values = self._person_values(session, place)
        return {self.session: session, **dict(zip(self._of_person, values, strict=True))}

    def hide(self) -> dict[Any, Any]:
        """Put the results away."""
        return {self.session: PhotoSession(), self.column: put_away()}

    def after(self, event: Any) -> None:
        """Once results are on screen: scroll to them and write their files."""
        event.then(
            None, js="() => document.querySelector('#photo-results')?.scrollIntoView({ behavior: 'smooth' })"
        )
        self.write_after(event)

    def write_after(self, event: Any) -> None:
        """Once other results are on screen: write their files."""
        event.then(guarded(self._files), [self.session, self.person], self.downloads, **SLIDING)
        self.changes.append(event)

    def _wire(self) -> None:
        chosen = self.person.input(
            guarded(self._person_values), [self.session, self.person], self._of_person, **SLIDING
        )
        chosen.then(guarded(self._files), [self.session, self.person], self.downloads, **SLIDING)
        gr.on(
            [self.step.input, self.step.release],
            guarded(self._step_values),
            [self.session, self.person, self.step],
            self._moment,
            **SLIDING,
        )

    def _person_values(self, session: PhotoSession, place: int) -> list[Any]:
        last = handlers.last_step(session, place)
        slider = gr.update(maximum=max(last, 1), value=last, visible=last > 0)
        return [
            handlers.summary(session, place),
            slider,
            handlers.side_views(session, place),
            copied_code.code(session, place),
            *handlers.moment(session, place, handlers.LAST),
        ]

    def _step_values(self, session: PhotoSession, place: int, step: Any) -> Any:
        number = typed(step, (0, handlers.last_step(session, place)))
        return gr.skip() if number is None else handlers.moment(session, place, round(number))

    def _files(self, session: PhotoSession, place: int | None) -> Any:
        if not session.results:
            return gr.skip()
        return files.write_files(session, place or 0, Path(self.downloads[0].GRADIO_CACHE))
