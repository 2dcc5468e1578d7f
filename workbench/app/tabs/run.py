"""What is run on a photo: method, focal length, and the buttons."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.app import handlers_photo as handlers
from workbench.app import models
from workbench.app.fragments import note, progress
from workbench.app.guard import guarded, say, words
from workbench.app.session import PhotoSession
from workbench.app.tabs.chooser import Chooser
from workbench.app.tabs.results import Results
from workbench.app.tabs.wiring import QUIET
from workbench.geometry.camera import diagonal_focal_px
from workbench.image import Photo


@dataclass(frozen=True)
class Run:
    """The components, in the order in which a visitor meets them."""

    method: gr.Radio
    focal: gr.Radio
    own_px: gr.Number
    start: gr.Button
    stop: gr.Button
    bar: gr.HTML
    """How far a run is. Apart from the status, which a report on its way after a stop must not overwrite."""
    status: gr.HTML

    @classmethod
    def build(cls) -> "Run":
        """Build them."""
        infos = models.method_infos()
        about = {name: f"{info.paper}. Camera: {info.camera}" for name, info in infos.items()}
        titles = {name: info.title for name, info in infos.items()}
        for name in filter(models.missing, infos):
            titles[name] += ": needs its file"
            about[name] = f"Its file is not here; Run says how to get it. {about[name]}"
        first = next(iter(infos))
        method = gr.Radio(
            [(title, name) for name, title in titles.items()],
            value=first,
            label="Method",
            info=about[first],
            elem_id="photo-method",
        )
        focal = gr.Radio(
            [("Guess: the picture's diagonal", "guess"), ("My own value", "own")],
            value="guess",
            label="Focal length",
            info="A photo alone cannot tell it; distance and focal length grow together.",
            elem_id="photo-focal",
        )
        own_px = gr.Number(
            None,
            label="My focal length, px",
            placeholder="from EXIF or the diagonal",
            visible=False,
            elem_id="photo-own-px",
        )
        with gr.Row():
            start = gr.Button("Run", variant="primary", min_width=120, elem_id="photo-run")
            stop = gr.Button("Stop", variant="stop", visible=False, min_width=120, elem_id="photo-stop")
        bar = gr.HTML(visible=False, elem_id="photo-progress")
        status = gr.HTML(elem_id="photo-status")
        method.input(lambda name: gr.update(info=about.get(name)), method, method, **QUIET)

        def offer(choice: str, px: float | None) -> Any:
            return gr.update(visible=choice == "own", value=px or None)  # an empty number arrives as 0

        focal.input(offer, [focal, own_px], own_px, **QUIET)
        return cls(method, focal, own_px, start, stop, bar, status)

    @property
    def outputs(self) -> list[Any]:
        """Everything that reset() fills."""
        return [self.focal, self.own_px, self.status]

    def reset(self, photo: Photo) -> dict[Any, Any]:
        """Offer the focal lengths of a new photo."""
        choices = handlers.focal_choices(photo)
        return {
            self.focal: gr.update(choices=choices, value=choices[0][1]),
            self.own_px: gr.update(visible=False, value=round(diagonal_focal_px(photo.size_hw))),
            self.status: "",
        }

    def wire(self, chooser: Chooser, results: Results) -> None:
        """Run on the visitor's session; a stop, or another photo, ends the run."""
        choices = [self.method, self.focal, self.own_px]
        idle = {
            self.start: gr.update(interactive=True),
            self.stop: gr.update(visible=False),
            self.bar: gr.update(visible=False),
        }

        def run(current: PhotoSession, *choices: Any) -> Iterator[dict[Any, Any]]:
            yield {
                self.start: gr.update(interactive=False),
                self.stop: gr.update(visible=True),
                self.bar: gr.update(value=progress(0, "starting"), visible=True),
                self.status: "",
            }
            answer: dict[Any, Any] = {}
            try:
                for report in handlers.run(current, *choices):
                    if isinstance(report, PhotoSession):
                        answer = {**results.show(report), self.status: note(report.said)}
                    else:
                        yield {self.bar: progress(*report)}  # says nothing about being visible
            except Exception as error:
                say(error)
                answer = {self.status: note(words(error))}
            yield {**answer, **idle}

        started = self.start.click(
            run,
            [chooser.session, *choices],
            [*results.outputs, self.status, *idle],
            concurrency_id="model",
            concurrency_limit=1,
            **QUIET,
        )
        results.after(started)

        def check(*inputs: Any) -> Any:
            said = handlers.status_text(*inputs)
            return note(said) if said else gr.skip()

        changes = [event.success for event in (*chooser.changes, started)]
        for listen in (*changes, *(choice.input for choice in choices)):
            listen(guarded(check), [chooser.session, results.session, *choices], self.status, **QUIET)

        for button, text in ((self.stop, note("Stopped.")), (chooser.another, "")):
            button.click(
                lambda text=text: {**idle, self.status: text},
                None,
                [*idle, self.status],
                cancels=[started],
                **QUIET,
            )
