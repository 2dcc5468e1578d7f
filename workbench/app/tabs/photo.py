"""The Photo tab: from a photo to bodies."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.app import handlers_files
from workbench.app import handlers_photo as handlers
from workbench.app.components import SAMPLES
from workbench.app.fragments import note
from workbench.app.guard import guarded, say
from workbench.app.session import PhotoSession
from workbench.app.tabs.chooser import Chooser
from workbench.app.tabs.results import Results
from workbench.app.tabs.run import Run
from workbench.app.tabs.scene import SceneSource
from workbench.app.tabs.solve import SolvePanel
from workbench.app.tabs.truth import TruthPanel
from workbench.app.tabs.wiring import QUIET, RAW, path_of

INTRO = (
    "Choose a photo. The people in it are found, a method gives each of them a body, and every step of the "
    "way can be looked at. Photos stay on the machine that runs this page."
)

SEARCHING: dict[str, Any] = {
    "show_progress": "minimal",
    "api_visibility": "private",
    "concurrency_id": "find",
    "concurrency_limit": 2,
}
"""For what looks for people, or makes them."""


@dataclass(frozen=True)
class PhotoTab:
    """What other tabs look at, and may put a photo into."""

    chooser: Chooser
    run: Run
    results: Results

    @property
    def folder(self) -> Path:
        """Where copies of photos for the page are written."""
        return Path(self.chooser.photo.GRADIO_CACHE)

    @property
    def outputs(self) -> list[Any]:
        """Everything that opened() fills."""
        return [*self.chooser.outputs, *self.run.outputs, *self.results.hidden]

    def opened(self, session: PhotoSession) -> dict[Any, Any]:
        """Show a new photo, without results."""
        assert session.photo is not None
        return {**self.chooser.show(session), **self.run.reset(session.photo), **self.results.hide()}


def build() -> PhotoTab:
    """Build and wire the tab; its people and results can be looked at in other tabs."""
    gr.Markdown(INTRO)
    with gr.Row(equal_height=False):
        with gr.Column(scale=3, min_width=320):
            chooser = Chooser.build()
            source = SceneSource.build()
        with gr.Column(scale=2, min_width=320):
            run = Run.build()
            saved = gr.UploadButton(
                "Open saved recovery.json",
                file_count="multiple",
                file_types=[".json"],
                elem_id="photo-saved",
                size="sm",
            )
    results = Results.build()
    with results.slot:
        solve = SolvePanel.build()
        truth = TruthPanel.build()
    tab = PhotoTab(chooser, run, results)
    _wire_photo(tab)
    _wire_saved(saved, chooser, run, results)
    _wire_scenes(source, tab)
    run.wire(chooser, results)
    solve.wire(results)
    truth.wire(results)
    return tab


def _wire_photo(tab: PhotoTab) -> None:
    chooser, run, results = tab.chooser, tab.run, tab.results

    def opened(path: str) -> dict[Any, Any]:
        return tab.opened(handlers.open_photo(path, tab.folder))

    def uploaded(upload: Any):
        try:
            path = path_of(upload)
            return gr.skip() if path is None else opened(path)  # None: the input was emptied
        except Exception as error:
            say(error)
            return {chooser.photo: None, run.status: ""}

    def picked(event: gr.EventData):
        return opened(str(SAMPLES[event.index]))

    changed = tab.outputs
    results.changes.extend(
        [
            chooser.photo.change(
                uploaded, chooser.photo, changed, show_progress_on=[chooser.photo], **SEARCHING, **RAW
            ),
            chooser.samples.pick(
                guarded(picked), None, changed, show_progress_on=[chooser.samples], **SEARCHING
            ),
            chooser.another.click(lambda: {**chooser.clear(), **results.hide()}, None, changed, **QUIET),
        ]
    )


def _wire_scenes(source: SceneSource, tab: PhotoTab) -> None:
    def make(*choices: Any):
        new, seen = source.make(tab.folder, *choices)
        return {**seen, **tab.opened(new)}

    made = source.start.click(
        guarded(make),
        source.inputs,
        [*source.outputs, *tab.outputs],
        show_progress_on=[source.start],
        **SEARCHING,
        **RAW,
    )
    made.then(None, js="() => document.querySelector('#photo-picker')?.scrollIntoView({ block: 'nearest' })")
    tab.results.changes.append(made)


def _wire_saved(saved: gr.UploadButton, chooser: Chooser, run: Run, results: Results) -> None:
    def load(current: PhotoSession, paths: list[str]):
        try:
            new = handlers_files.load_saved(current, paths, Path(chooser.photo.GRADIO_CACHE))
            return {**chooser.show(new), **results.show(new), run.status: note(new.said)}
        except Exception as error:
            say(error)
            return {run.status: ""}

    outputs = [*chooser.outputs, *results.outputs, run.status]
    results.after(saved.upload(load, [chooser.session, saved], outputs, **QUIET))
