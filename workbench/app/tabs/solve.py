"""The camera of a result, solved from its mask: a part of the Photo tab's results."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.app import handlers_solve as handlers
from workbench.app.fragments import note
from workbench.app.guard import say, words
from workbench.app.session import PhotoSession
from workbench.app.tabs.results import Results
from workbench.app.tabs.wiring import QUIET
from workbench.solver.objective import FARTHEST_TZ_M, NEAREST_TZ_M

ABOUT = (
    "Looks for the focal length and the shift with which the body agrees best with the person's mask and "
    "landmarks. The distance stays as it is: farther away with a longer lens, a body looks almost the same, "
    "and a mask cannot tell the two apart."
)


@dataclass(frozen=True)
class SolvePanel:
    """The components, in the order in which a visitor meets them."""

    tz_m: gr.Number
    start: gr.Button
    back: gr.Button
    said: gr.HTML

    @classmethod
    def build(cls) -> "SolvePanel":
        """Build them."""
        with gr.Accordion("Solve the camera from the mask", open=False, elem_id="solve"):
            gr.HTML(note(ABOUT))
            with gr.Row():
                tz_m = gr.Number(
                    None,
                    label="Distance Tz of the pelvis, m",
                    placeholder="the method's own",
                    minimum=NEAREST_TZ_M,
                    maximum=FARTHEST_TZ_M,
                    step=0.01,
                    min_width=160,
                    elem_id="solve-tz",
                )
                start = gr.Button("Solve the camera", variant="primary", min_width=160, elem_id="solve-start")
                back = gr.Button(
                    "Back to the method's camera", interactive=False, min_width=160, elem_id="solve-back"
                )
            said = gr.HTML(elem_id="solve-said")
        return cls(tz_m, start, back, said)

    def wire(self, results: Results) -> None:
        """Solve for the person who is looked at; with a bad mask all stays, and words say why."""

        def solve(session: PhotoSession, place: int | None, tz_m: Any) -> dict[Any, Any]:
            # An empty number arrives as None or as 0, and nobody stands at 0.
            return changed(lambda: handlers.solve(session, place or 0, tz_m or None), place or 0)

        def undo(session: PhotoSession, place: int | None) -> dict[Any, Any]:
            return changed(lambda: handlers.undo(session, place or 0), place or 0)

        def changed(work: Any, place: int) -> dict[Any, Any]:
            try:
                session = work()
                return {**results.show_again(session, place), **self._told(session, place)}
            except Exception as error:
                say(error)
                return {self.said: note(f"The camera is as it was. {words(error)}")}

        outputs = [*results.outputs_of_person, self.back, self.said]
        common: dict[str, Any] = {**QUIET, "preprocess": False}
        solved = self.start.click(
            solve,
            [results.session, results.person, self.tz_m],
            outputs,
            concurrency_id="model",
            show_progress_on=[self.start],
            **{**common, "show_progress": "minimal"},
        )
        undone = self.back.click(undo, [results.session, results.person], outputs, **common)
        for event in (solved, undone):
            results.write_after(event)

        def told(session: PhotoSession, place: int | None) -> dict[Any, Any]:
            return self._told(session, place or 0)

        gr.on(
            [results.session.change, results.person.input],
            told,
            [results.session, results.person],
            [self.back, self.said],
            **common,
        )

    def _told(self, session: PhotoSession, place: int) -> dict[Any, Any]:
        """What is said of this person, and whether there is a way back."""
        if not place < len(session.results):
            return {self.said: "", self.back: gr.update(interactive=False)}
        text = handlers.solved_text(session, place)
        return {self.said: note(text) if text else "", self.back: gr.update(interactive=bool(text))}
