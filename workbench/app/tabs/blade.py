"""The BLADE tab: distance, pose and camera of one person, and what a mask tells of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.app import handlers_blade as handlers
from workbench.app.blade_solver import blade_camera, blade_scan
from workbench.app.components import lab
from workbench.app.fragments import note
from workbench.app.guard import MENDABLE, guarded, words
from workbench.app.session import PhotoSession
from workbench.app.tabs.photo import SEARCHING, PhotoTab
from workbench.app.tabs.wiring import QUIET, SLIDING
from workbench.figures import blade_lab

INTRO = (
    "BLADE goes the other way round: first the **distance** Tz, then the **pose**, told that distance, and "
    "last the **camera**: the focal length f and the shift Tx, Ty with which the body's outline agrees with "
    "the person's mask. The order matters: a mask alone does not tell f from Tz."
)
SCENE, ANOTHER = "Use a scene with somebody close", "Use a scene in place of the photo"


@dataclass(frozen=True)
class BladeTab:
    """The components, in the order in which a visitor meets them."""

    watched: gr.State
    """What the lab shows."""
    empty: gr.Column
    why: gr.HTML
    """Nobody is here, and what can be done."""
    scene: gr.Button
    choices: gr.Row
    person: gr.Radio
    answer: gr.Dropdown
    """Whose body the camera is solved for."""
    lab: gr.HTML

    @classmethod
    def build(cls, entries: Sequence[dict[str, Any]], functions: Sequence[Callable[..., Any]]) -> "BladeTab":
        """Build them.

        Args:
            entries: the page's bodies.
            functions: what serves them to the page.
        """
        watched = gr.State(handlers.Watched())
        gr.Markdown(INTRO)
        with gr.Column(elem_id="blade-empty") as empty:
            why = gr.HTML(note(handlers.NO_PHOTO), elem_id="blade-why")
            scene = gr.Button(SCENE, variant="primary", elem_id="blade-scene")
        with gr.Row(equal_height=False, visible=False) as choices:
            person = gr.Radio([], label="Person", elem_id="blade-person", min_width=200)
            answer = gr.Dropdown(
                [],
                label="Whose body",
                info="The solver takes any method's: distance and pose are its, the camera is solved.",
                elem_id="blade-answer",
                min_width=280,
            )
        shown = lab("Blade", blade_lab.config(entries), "blade-lab", [*functions, blade_camera, blade_scan])
        return cls(watched, empty, why, scene, choices, person, answer, shown)

    def wire(self, tab: gr.Tab, photo: PhotoTab) -> None:
        """Look at the Photo tab's person whenever this tab is opened.

        Args:
            tab: that this is in.
            photo: whose photo, people and results are looked at.
        """
        sessions = [photo.chooser.session, photo.results.session]
        state = [self.watched, self.person, self.answer]
        tab.select(guarded(self._open), [*sessions, *state], self._outputs, **QUIET)
        folder = photo.folder
        made = self.scene.click(
            guarded(lambda: photo.opened(handlers.a_scene(folder))), None, photo.outputs, **SEARCHING
        )
        made.then(guarded(self._open), [*sessions, *state], self._outputs, **QUIET)
        for choice in (self.person, self.answer):
            choice.input(guarded(self._look), state, self._shown, **SLIDING)

    @property
    def _shown(self) -> list[Any]:
        """What changes with the person and with whose body it is."""
        return [self.empty, self.why, self.scene, self.answer, self.watched, self.lab]

    @property
    def _outputs(self) -> list[Any]:
        return [*self._shown, self.choices, self.person]

    def _look(self, watched: handlers.Watched, who: int, answer: str) -> dict[Any, Any]:
        """Show a person as one of the answers has them, else as the first has; or say why not."""
        offered = handlers.answers(watched, who)
        if answer not in dict(offered).values():
            answer = offered[0][1]
        chosen = {self.answer: gr.update(choices=offered, value=answer)}
        try:
            watched, value = handlers.watch(watched, who, answer)
        except MENDABLE as error:
            return {**self._nobody(watched, words(error)), **chosen}
        return {self.empty: gr.update(visible=False), self.watched: watched, self.lab: value, **chosen}

    def _nobody(self, watched: handlers.Watched, why: str) -> dict[Any, Any]:
        """Nothing to see, and why; not somebody else's picture."""
        return {
            self.empty: gr.update(visible=True),
            self.why: note(why),
            self.scene: SCENE if watched.session.photo is None else ANOTHER,
            self.watched: watched,
            self.lab: None,
        }

    def _open(
        self,
        session: PhotoSession,
        results: PhotoSession,
        watched: handlers.Watched,
        who: int | None,
        answer: str | None,
    ) -> Any:
        """Another photo, other people or results: look anew. The same: everything stays as it was left."""
        if session is watched.session and results is watched.results:
            return gr.skip()
        if why := handlers.why_empty(session):
            nobody = self._nobody(handlers.Watched(session, results), why)
            return {**nobody, self.choices: gr.update(visible=False)}
        if session is watched.session:  # the same people, and something new in the Photo tab
            kept = {key: made for key, made in watched.answers.items() if key[1] != handlers.PHOTO_TAB}
            fresh = handlers.Watched(session, results, kept)
            offered = handlers.answers(fresh, who or 0)
            if answer != handlers.PHOTO_TAB:
                return {self.watched: fresh, self.answer: gr.update(choices=offered)}
            return self._look(fresh, who or 0, answer)
        names = handlers.persons(session)
        who = min(who or 0, len(names) - 1)
        looked = self._look(handlers.Watched(session, results), who, answer or "")
        return {
            **looked,
            self.choices: gr.update(visible=True),
            self.person: gr.update(choices=names, value=who, visible=len(names) > 1),
        }
