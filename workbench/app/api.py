"""Named endpoints for programs: gradio_client's `client.predict(..., api_name="/recover")`.

A photo is an upload of its caller's; other files of this machine are refused.
"""

import json
from typing import Any

import gradio as gr

from workbench.app import handlers_photo as handlers
from workbench.app.components import photo_input
from workbench.app.session import Guest, PhotoSession
from workbench.app.tabs.wiring import RAW, path_of
from workbench.image import load_photo
from workbench.results import recovery_to_dict


def build() -> None:
    """Add the endpoints to the page, out of sight."""
    with gr.Column(visible=False):
        photo = photo_input("Photo", "api-photo")
        method = gr.Textbox("smplify", label="Method")
        boxes = gr.JSON(
            None, label="Boxes: [[left, top, right, bottom], ...] in pixels, or null to look for people"
        )
        focal_px = gr.Number(None, label="Focal length in pixels, or null for EXIF or a guess")
        answer = gr.JSON(label="Answer")
        gr.Button().click(find_people, photo, answer, api_name="find_people", concurrency_id="find", **RAW)
        gr.Button().click(
            recover,
            [photo, method, boxes, focal_px],
            answer,
            api_name="recover",
            concurrency_id="model",
            concurrency_limit=1,
            **RAW,
        )


def find_people(photo: dict | None) -> list[dict[str, Any]]:
    """Everyone in a photo, the largest first: box_px (left, top, right, bottom) and score."""
    try:
        people = handlers.find_people(load_photo(_given(photo)))
    except ValueError as error:
        raise gr.Error(str(error), print_exception=False) from error
    return [{"box_px": person.box_px.tolist(), "score": float(person.score)} for person in people]


def recover(
    photo: dict | None, method: str, boxes: list[list[float]] | None, focal_px: float | None
) -> list[dict[str, Any]]:
    """Recover people: one recovery.json's content per person, in the order of the boxes."""
    try:
        read = load_photo(_given(photo))
        session = PhotoSession(read)
        if boxes is None:
            found = tuple(Guest(person) for person in handlers.find_people(read))
            session = PhotoSession(read, guests=found)
        else:
            for box in _list_of_boxes(boxes):
                session = handlers.draw_box(session, box)
        if not session.guests:
            return []
        choice = "own" if focal_px is not None else "exif" if read.focal_px is not None else "guess"
        for report in handlers.run(session, method, choice, focal_px):
            if isinstance(report, PhotoSession):
                session = report
    except ValueError as error:
        raise gr.Error(str(error), print_exception=False) from error
    return [recovery_to_dict(result.recovery, result.metrics) for result in session.results]


def _given(photo: dict | None) -> str:
    path = path_of(photo)
    if path is None:
        raise ValueError("Give a photo: gradio_client.handle_file(path).")
    return path


def _list_of_boxes(boxes: Any) -> list[list[float]]:
    if isinstance(boxes, str):
        boxes = json.loads(boxes)
    if not isinstance(boxes, list) or not all(isinstance(box, list) and len(box) == 4 for box in boxes):
        raise ValueError("boxes must be a list of boxes [left, top, right, bottom] in pixels, or null.")
    return boxes
