"""The upper half of the Photo tab: a photo, its people, a method."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.app import handlers_files, models
from workbench.app import handlers_photo as handlers
from workbench.app.components import SAMPLES, people_picker, photo_input, picture_buttons
from workbench.app.fragments import note, progress
from workbench.app.guard import guarded, say
from workbench.app.session import PhotoSession
from workbench.app.tabs.results import Results

INTRO = (
    "Choose a photo. The people in it are found, a method gives each of them a body, and every step of the "
    "way can be looked at. Photos stay on the machine that runs this page."
)
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
EDGES = ("left", "top", "right", "bottom")


@dataclass(frozen=True)
class Chooser:
    """Where a photo and its people are chosen."""

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


@dataclass(frozen=True)
class Settings:
    """What is run."""

    method: gr.Radio
    focal: gr.Radio
    own_px: gr.Number
    run: gr.Button
    stop: gr.Button
    status: gr.HTML
    saved: gr.UploadButton


def build() -> None:
    """Build and wire the tab."""
    gr.Markdown(INTRO)
    session = gr.State(PhotoSession())
    with gr.Row(equal_height=False):
        with gr.Column(scale=3, min_width=320):
            chooser = _build_chooser()
        with gr.Column(scale=2, min_width=320):
            settings = _build_settings()
    results = Results.build(session)
    _wire_photo(session, chooser, settings, results)
    _wire_people(session, chooser, results)
    _wire_run(session, chooser, settings, results)


def _build_chooser() -> Chooser:
    with gr.Column() as entry:
        photo = photo_input("Photo: drop, paste, or take one", "photo-input")
        samples = picture_buttons("Or start with a made-up scene:", SAMPLES, "photo-samples")
    with gr.Column(visible=False) as stage:
        picker = people_picker("The photo with a box around each person", "photo-picker")
        message = gr.HTML(elem_id="photo-message")
        another = gr.Button("Another photo", size="md", elem_id="photo-another")
        with gr.Accordion("A box in numbers", open=False):
            who = gr.Dropdown([("A new person", -1)], value=-1, label="Whose box", elem_id="photo-who")
            with gr.Row():
                edges = [
                    gr.Number(None, label=f"{edge}, px", min_width=80, precision=0, elem_id=f"photo-{edge}")
                    for edge in EDGES
                ]
            with gr.Row():
                apply = gr.Button("Set box", min_width=100, elem_id="photo-set-box")
                remove = gr.Button("Remove person", min_width=100, elem_id="photo-remove")
    return Chooser(entry, photo, samples, stage, picker, message, another, who, edges, apply, remove)


def _build_settings() -> Settings:
    infos = models.method_infos()
    first = next(iter(infos))
    method = gr.Radio(
        [(info.title, name) for name, info in infos.items()],
        value=first,
        label="Method",
        info=f"{infos[first].paper}. Camera: {infos[first].camera}",
        elem_id="photo-method",
    )
    focal = gr.Radio(
        [("Guess: the picture's diagonal", "guess"), ("My own value", "own")],
        value="guess",
        label="Focal length",
        info="A photo alone cannot tell it; distance and focal length grow together.",
        elem_id="photo-focal",
    )
    own_px = gr.Number(None, label="My focal length, px", visible=False, minimum=1, elem_id="photo-own-px")
    with gr.Row():
        run = gr.Button("Run", variant="primary", min_width=120, elem_id="photo-run")
        stop = gr.Button("Stop", variant="stop", visible=False, min_width=120, elem_id="photo-stop")
    status = gr.HTML(elem_id="photo-status")
    saved = gr.UploadButton(
        "Open saved recovery.json",
        file_count="multiple",
        file_types=[".json"],
        elem_id="photo-saved",
        size="sm",
    )
    method.input(
        lambda name: gr.update(info=f"{infos[name].paper}. Camera: {infos[name].camera}"),
        method,
        method,
        **QUIET,
    )
    focal.input(lambda choice: gr.update(visible=choice == "own"), focal, own_px, **QUIET)
    return Settings(method, focal, own_px, run, stop, status, saved)


def _wire_photo(session: gr.State, chooser: Chooser, settings: Settings, results: Results) -> None:
    folder = Path(chooser.photo.GRADIO_CACHE)

    def opened(path: str) -> dict[Any, Any]:
        new = handlers.open_photo(path, folder)
        assert new.photo is not None
        choices = handlers.focal_choices(new.photo)
        return {
            session: new,
            chooser.entry: gr.update(visible=False),
            chooser.stage: gr.update(visible=True),
            **_people(chooser, new),
            settings.focal: gr.update(choices=choices, value=choices[0][1]),
            settings.own_px: gr.update(visible=False),
            settings.status: "",
            **results.hide(),
        }

    def uploaded(path: str | None):
        if path is None:
            return gr.skip()
        try:
            return opened(path)
        except Exception as error:
            say(error)
            return {chooser.photo: None}
        finally:
            Path(path).unlink(missing_ok=True)  # read; nothing of the visitor's file is kept

    def picked(event: gr.EventData):
        return opened(str(SAMPLES[event.index]))

    def again():
        return {
            session: PhotoSession(),
            chooser.photo: None,
            chooser.entry: gr.update(visible=True),
            chooser.stage: gr.update(visible=False),
            settings.status: "",
            **results.hide(),
        }

    changed = [
        session,
        chooser.entry,
        chooser.stage,
        chooser.photo,
        *_people_outputs(chooser),
        settings.focal,
        settings.own_px,
        settings.status,
        results.column,
    ]
    searching: dict[str, Any] = {
        "api_visibility": "private",
        "show_progress": "minimal",
        "concurrency_id": "find",
    }
    chooser.photo.change(uploaded, chooser.photo, changed, show_progress_on=[chooser.photo], **searching)
    if chooser.samples is not None:
        chooser.samples.select(
            guarded(picked), None, changed, show_progress_on=[chooser.samples], **searching
        )
    chooser.another.click(again, None, changed, **QUIET)


def _wire_people(session: gr.State, chooser: Chooser, results: Results) -> None:
    def shown(new: PhotoSession) -> dict[Any, Any]:
        hidden = {} if new.results else results.hide()
        return {session: new, **_people(chooser, new), **hidden}

    def pick(current: PhotoSession, event: gr.EventData):
        return shown(handlers.toggle(current, event.index))

    def draw(current: PhotoSession, event: gr.EventData):
        return shown(handlers.draw_box(current, event.box))

    def edit(current: PhotoSession, event: gr.EventData):
        return shown(handlers.edit_box(current, event.index, event.box))

    def typed(current: PhotoSession, who: int, *edges: float | None):
        box = list(edges)
        return shown(handlers.draw_box(current, box) if who < 0 else handlers.edit_box(current, who, box))

    def numbers_of(current: PhotoSession, who: int):
        known = 0 <= who < len(current.guests)
        return [round(v) for v in current.guests[who].person.box_px.tolist()] if known else [None] * 4

    outputs = [session, *_people_outputs(chooser), results.column]
    for event, handler in (
        (chooser.picker.pick, pick),
        (chooser.picker.draw, draw),
        (chooser.picker.edit, edit),
    ):
        event(guarded(handler), session, outputs, **QUIET)
    chooser.who.input(numbers_of, [session, chooser.who], chooser.edges, **QUIET)
    chooser.apply.click(guarded(typed), [session, chooser.who, *chooser.edges], outputs, **QUIET)
    chooser.remove.click(
        guarded(lambda current, who: shown(handlers.remove(current, who))),
        [session, chooser.who],
        outputs,
        **QUIET,
    )


def _wire_run(session: gr.State, chooser: Chooser, settings: Settings, results: Results) -> None:
    idle = {settings.run: gr.update(interactive=True), settings.stop: gr.update(visible=False)}

    def run(current: PhotoSession, *choices: Any):
        yield {
            settings.run: gr.update(interactive=False),
            settings.stop: gr.update(visible=True),
            settings.status: progress(0, "starting"),
        }
        answer: dict[Any, Any] = {settings.status: ""}
        try:
            for report in handlers.run(current, *choices):
                if isinstance(report, PhotoSession):
                    answer = {session: report, **results.show(report), settings.status: note("Done.")}
                else:
                    yield {settings.status: progress(*report)}
        except Exception as error:
            say(error)
        yield {**answer, **idle}

    def load(current: PhotoSession, paths: list[str]):
        new = handlers_files.load_saved(current, paths, Path(chooser.photo.GRADIO_CACHE))
        return {
            session: new,
            chooser.entry: gr.update(visible=False),
            chooser.stage: gr.update(visible=True),
            **_people(chooser, new),
            **results.show(new),
            settings.status: note("Opened what was saved."),
        }

    shown = [session, *results.outputs, settings.status]
    event = settings.run.click(
        run,
        [session, settings.method, settings.focal, settings.own_px],
        [*shown, settings.run, settings.stop],
        concurrency_id="model",
        concurrency_limit=1,
        **QUIET,
    )
    settings.stop.click(
        lambda: {**idle, settings.status: note("Stopped.")},
        None,
        [settings.run, settings.stop, settings.status],
        cancels=[event],
        **QUIET,
    )
    results.after(event)
    opened = settings.saved.upload(
        guarded(load),
        [session, settings.saved],
        [*shown, chooser.entry, chooser.stage, *_people_outputs(chooser)],
        **QUIET,
    )
    results.after(opened)


def _people(chooser: Chooser, session: PhotoSession) -> dict[Any, Any]:
    people = [(f"Person {place + 1}", place) for place in range(len(session.guests))]
    return {
        chooser.picker: handlers.people_picture(session),
        chooser.message: note(handlers.found_text(session)),
        chooser.who: gr.update(choices=[("A new person", -1), *people], value=-1),
    }


def _people_outputs(chooser: Chooser) -> list[Any]:
    return [chooser.picker, chooser.message, chooser.who]
