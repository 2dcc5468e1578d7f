"""The HMR tab: one person's guesses, from the mean body on, and what its prior thinks of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.app import handlers_hmr as handlers
from workbench.app import hmr_networks
from workbench.app.components import lab
from workbench.app.fragments import note
from workbench.app.guard import MENDABLE, guarded, say, words
from workbench.app.session import PhotoSession
from workbench.app.tabs.photo import SEARCHING, PhotoTab
from workbench.app.tabs.wiring import QUIET, SLIDING
from workbench.figures import hmr_lab
from workbench.methods.hmr import BODY, USED

INTRO = (
    "HMR starts every answer from the same **mean body** and lets one small network correct its numbers, "
    "three times: 85 in the paper; 157 here, where rotations are written in 6D, and shown as the paper's 85. "
    "A second network, the **prior**, scores each joint, the whole pose and the shape: it objects to what is "
    "unlike the made-up poses of its training."
)
SCENE, ANOTHER = "Use a scene", "Use a scene in place of the photo"


@dataclass(frozen=True)
class HmrTab:
    """The components, in the order in which a visitor meets them."""

    watched: gr.State
    """What the lab shows."""
    empty: gr.Column
    why: gr.HTML
    """Nobody is here, and what can be done."""
    scene: gr.Button
    choices: gr.Row
    person: gr.Radio
    channels: gr.CheckboxGroup
    reference: gr.Dropdown
    network: gr.Dropdown
    """The shipped one, or those of the experiments, trained with less."""
    reading: gr.HTML
    """What the network does not read of what was chosen."""
    lab: gr.HTML

    @classmethod
    def build(cls, entries: Sequence[dict[str, Any]], functions: Sequence[Callable[..., Any]]) -> "HmrTab":
        """Build them.

        Args:
            entries: the page's bodies.
            functions: what serves them to the page.
        """
        watched = gr.State(handlers.Watched())
        gr.Markdown(INTRO)
        with gr.Column(elem_id="hmr-empty") as empty:
            why = gr.HTML(note(handlers.NO_PHOTO), elem_id="hmr-why")
            scene = gr.Button(SCENE, variant="primary", elem_id="hmr-scene")
        with gr.Row(equal_height=False, visible=False) as choices:
            person = gr.Radio([], label="Person", elem_id="hmr-person", min_width=200)
            channels = gr.CheckboxGroup(
                [(title, name) for name, title in hmr_networks.CHANNELS.items()],
                value=list(USED),
                label="What the network reads",
                info="All of it in a window around the landmarks that were found, also without reading them.",
                elem_id="hmr-channels",
                scale=2,
                min_width=320,
            )
            reference = gr.Dropdown([], label="Held against", elem_id="hmr-reference", min_width=200)
            others = hmr_networks.networks()
            network = gr.Dropdown(
                others,
                value=others[0][1],
                label="Network",
                elem_id="hmr-network",
                min_width=200,
                visible=len(others) > 1,
            )
        reading = gr.HTML(elem_id="hmr-reading", visible=False)
        config = hmr_lab.config(entries, BODY)
        shown = lab("Hmr", config, "hmr-lab", [*functions, handlers.hmr_verdict])
        return cls(watched, empty, why, scene, choices, person, channels, reference, network, reading, shown)

    def wire(self, tab: gr.Tab, photo: PhotoTab) -> None:
        """Look at the Photo tab's person whenever this tab is opened.

        Args:
            tab: that this is in.
            photo: whose photo and people are looked at.
        """
        state = [self.watched, self.person, self.channels, self.reference, self.network]
        session = photo.chooser.session
        tab.select(guarded(self._open), [session, *state], self._outputs, **QUIET)
        folder = photo.folder
        made = self.scene.click(
            guarded(lambda: photo.opened(handlers.a_scene(folder))), None, photo.outputs, **SEARCHING
        )
        made.then(guarded(self._open), [session, *state], self._outputs, **QUIET)
        gr.on(
            [choice.input for choice in state[1:]],
            guarded(self._look),
            state,
            [self.empty, self.why, self.scene, self.watched, self.reference, self.reading, self.lab],
            **SLIDING,
        )

    @property
    def _outputs(self) -> list[Any]:
        away = [self.empty, self.why, self.scene]
        return [*away, self.choices, self.person, self.reference, self.reading, self.watched, self.lab]

    def _look(
        self, watched: handlers.Watched, who: int, channels: list[str], reference: str, network: str
    ) -> dict[Any, Any]:
        """Show a person, or say why not. What they cannot be held against is told, and let go."""
        try:
            watched, value, kept = _watch(watched, who, channels, reference, network)
        except MENDABLE as error:
            return self._nobody(watched, words(error))
        said = hmr_networks.reading(channels, network)
        return {
            self.empty: gr.update(visible=False),
            self.watched: watched,
            self.reference: kept,
            self.reading: gr.update(value=note(said), visible=bool(said)),
            self.lab: value,
        }

    def _nobody(self, watched: handlers.Watched, why: str) -> dict[Any, Any]:
        """Nothing to see, and why; not somebody else's picture."""
        return {
            self.empty: gr.update(visible=True),
            self.why: note(why),
            self.scene: SCENE if watched.session.photo is None else ANOTHER,
            self.watched: watched,
            self.reading: gr.update(visible=False),
            self.lab: None,
        }

    def _open(
        self,
        session: PhotoSession,
        watched: handlers.Watched,
        who: int | None,
        channels: list[str],
        reference: str,
        network: str,
    ) -> Any:
        """Another photo, or other people: look anew. The same: everything stays as it was left."""
        if session is watched.session:
            return gr.skip()
        if why := handlers.why_empty(session):
            nobody = self._nobody(handlers.Watched(session), why)
            return {**nobody, self.choices: gr.update(visible=False)}
        names, references = handlers.people(session), handlers.references(session)
        who = min(who or 0, len(names) - 1)
        reference = reference if reference in dict(references).values() else references[0][1]
        looked = self._look(handlers.Watched(session), who, channels, reference, network)
        return {
            **looked,
            self.choices: gr.update(visible=True),
            self.person: gr.update(choices=names, value=who, visible=len(names) > 1),
            self.reference: gr.update(choices=references, value=reference) | looked.get(self.reference, {}),
        }


def _watch(
    watched: handlers.Watched, who: int, channels: list[str], reference: str, network: str
) -> tuple[handlers.Watched, dict[str, Any], dict[str, Any]]:
    """What to show, and what becomes of the reference."""
    try:  # skipped: an answer that is late must not undo a later choice
        return *handlers.watch(watched, who, channels, reference, network), gr.skip()
    except Exception as error:
        if reference == handlers.NOTHING:
            raise
        found = handlers.watch(watched, who, channels, handlers.NOTHING, network)
        say(error)
        return *found, gr.update(value=handlers.NOTHING)
