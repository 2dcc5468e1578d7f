"""A result held against the truth, where the photo was made up."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.app import handlers_truth as handlers
from workbench.app.components import body_view, chart, photo_view
from workbench.app.fragments import note
from workbench.app.guard import guarded
from workbench.app.session import PhotoSession
from workbench.app.tabs.results import Results
from workbench.app.tabs.wiring import SLIDING, put_away, shown
from workbench.evaluation.joint_sets import JOINT_SETS
from workbench.evaluation.vertex_errors import ALIGNMENTS

TRUTH_PLACES = {"beside": "Beside it", "over": "Over it", "hidden": "Hidden"}
OUTLINE = "The true outline wears clothes and hair, so a bare body does not reach an overlap (mIoU) of 1."


@dataclass(frozen=True)
class TruthPanel:
    """The components, in the order in which a visitor meets them."""

    column: gr.Column
    about: gr.HTML
    compared: gr.Column
    """All that takes a truth; away for a person of whom there is none."""
    joints: gr.Dropdown
    metrics: gr.HTML
    alignment: gr.Radio
    place: gr.Radio
    view: gr.HTML
    steps: gr.HTML
    outlines: gr.HTML

    @classmethod
    def build(cls) -> "TruthPanel":
        """Build them; they stay hidden until there is a truth."""
        with gr.Column(visible=False, elem_id="truth") as column:
            gr.Markdown("### Against the truth")
            about = gr.HTML(elem_id="truth-about")
            with gr.Column() as compared:
                with gr.Row(equal_height=False):
                    with gr.Column(scale=1, min_width=320):
                        joints = gr.Dropdown(
                            list(JOINT_SETS), value="lsp14", label="Joint set", elem_id="truth-joints"
                        )
                        metrics = gr.HTML(elem_id="truth-metrics")
                    with gr.Column(scale=1, min_width=320):
                        view = body_view("The recovered body coloured by its error", "truth-view")
                        alignment = gr.Radio(
                            [(info.title, name) for name, info in ALIGNMENTS.items()],
                            value=next(iter(ALIGNMENTS)),
                            label="Before measuring",
                            elem_id="truth-alignment",
                        )
                        place = gr.Radio(
                            [(title, name) for name, title in TRUTH_PLACES.items()],
                            value=next(iter(TRUTH_PLACES)),
                            label="The true body, grey",
                            elem_id="truth-place",
                        )
                with gr.Row(equal_height=False):
                    with gr.Column(scale=1, min_width=320):
                        outlines = photo_view("The found and the true outline", "truth-outlines")
                        gr.HTML(handlers.OUTLINE_LEGEND + note(OUTLINE))
                    with gr.Column(scale=1, min_width=320):
                        steps = chart("Error at every step", "truth-steps")
        return cls(column, about, compared, joints, metrics, alignment, place, view, steps, outlines)

    def wire(self, results: Results) -> None:
        """Follow the results and the person who is looked at.

        One event for all: answers to several could arrive in another order than they were asked for.
        """
        asked = (results.person, self.joints, self.alignment, self.place)
        gr.on(
            [results.session.change, *(choice.input for choice in asked)],
            guarded(values),
            [results.session, *asked],
            [
                self.column,
                self.compared,
                self.about,
                self.metrics,
                self.steps,
                self.view,
                self.outlines,
            ],
            **SLIDING,
        )


def values(session: PhotoSession, who: int | None, joints: str, alignment: Any, place: Any) -> list[Any]:
    """What the panel shows of a person: both columns, and what is in them."""
    who = who or 0
    if session.scene is None or not session.results:
        return [put_away(), *([gr.skip()] * 6)]
    if handlers.pair_of(session, who) is None:
        return [shown(), put_away(), handlers.about(session, who), *([gr.skip()] * 4)]
    return [
        shown(),
        shown(),
        handlers.about(session, who),
        handlers.metrics_table(session, who, joints),
        handlers.step_errors(session, who, joints),
        handlers.error_view(session, who, alignment, place),
        handlers.outlines(session, who),
    ]
