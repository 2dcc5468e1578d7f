"""Where a made-up scene is asked for: a photo whose answer is known."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.app import handlers_scene as handlers
from workbench.app.session import PhotoSession
from workbench.app.tabs.wiring import QUIET

ABOUT = (
    "Made-up people, so their bodies and the camera are known exactly. Run a method on them, and the result "
    "is measured against the truth. The same seed and choices give the same scene; press again for the next."
)


@dataclass(frozen=True)
class SceneSource:
    """The components, in the order in which a visitor meets them."""

    made: gr.State
    """The choices of the scene made last."""
    kind: gr.Dropdown
    nearest: gr.Number
    farthest: gr.Number
    observer: gr.Radio
    seed: gr.Number
    start: gr.Button

    @classmethod
    def build(cls) -> "SceneSource":
        """Build them; distances follow the difficulty."""
        names = handlers.DIFFICULTIES
        first = next(iter(names))
        nearest_m, farthest_m = handlers.distances_m(first)
        with gr.Accordion("A scene whose answer is known", open=False, elem_id="scene"):
            made = gr.State(None)
            gr.Markdown(ABOUT)
            kind = gr.Dropdown(
                [(difficulty.title, name) for name, difficulty in names.items()],
                value=first,
                label="Difficulty",
                elem_id="scene-kind",
            )
            with gr.Row():
                nearest = gr.Number(nearest_m, label="Tz from, m", min_width=110, elem_id="scene-nearest")
                farthest = gr.Number(farthest_m, label="to, m", min_width=110, elem_id="scene-farthest")
                seed = gr.Number(0, label="Seed", precision=0, min_width=110, elem_id="scene-seed")
            observer = gr.Radio(
                [(title, name) for name, title in handlers.OBSERVERS.items()],
                value=next(iter(handlers.OBSERVERS)),
                label="Where the people are",
                elem_id="scene-observer",
            )
            start = gr.Button("New scene", variant="secondary", elem_id="scene-start")
        kind.input(handlers.distances_m, kind, [nearest, farthest], **QUIET)
        return cls(made, kind, nearest, farthest, observer, seed, start)

    @property
    def inputs(self) -> list[Any]:
        """What make() reads."""
        return [self.made, self.seed, self.kind, self.nearest, self.farthest, self.observer]

    @property
    def outputs(self) -> list[Any]:
        """What make() fills."""
        return [self.made, self.seed]

    def make(
        self, folder: Path, made: list[Any] | None, seed: Any, *choices: Any
    ) -> tuple[PhotoSession, dict[Any, Any]]:
        """The scene that is asked for, or the next one if it is shown already.

        Raises:
            ValueError: a choice cannot be.
        """
        kind, nearest_m, farthest_m, observer = choices
        number = handlers.seed_for(seed, choices, made)
        new = handlers.new_scene(number, kind, nearest_m, farthest_m, observer, folder)
        return new, {self.made: [number, *choices], self.seed: number}
