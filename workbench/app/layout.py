"""The page: its header, tabs and looks."""

from pathlib import Path

import gradio as gr
from gradio.themes import Soft

from workbench.app import api, models
from workbench.app.components import STATIC_PATHS, early
from workbench.app.tabs import blade as blade_tab
from workbench.app.tabs import body as body_tab
from workbench.app.tabs import camera as camera_tab
from workbench.app.tabs import hmr as hmr_tab
from workbench.app.tabs import photo as photo_tab
from workbench.figures import files

TITLE = "HMR Workbench"
INTRO = (
    "# HMR Workbench\n"
    "See, take apart and debug **human mesh recovery**: how a photo becomes a posed, shaped, placed 3D body."
)
CSS = Path(__file__).parent / "style.css"
SYSTEM_FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif"]
KEEP_FILES_S = 3600
"""How long a visitor's files stay before they are deleted."""


def build(loopback: bool = False) -> gr.Blocks:
    """The whole app; every visitor gets their own state.

    Args:
        loopback: whether only this machine can reach the page; then its browser may be given a licensed body.
    """
    bodies = models.PageBodies(loopback)
    gr.set_static_paths(list(STATIC_PATHS))
    with gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=(600, KEEP_FILES_S)) as page:
        gr.Markdown(INTRO)
        with gr.Tabs() as tabs:
            with gr.Tab("Photo", id="photo"):
                photo = photo_tab.build()
            with gr.Tab("Body", id="body"):
                body_tab.build(page, bodies.entries(), bodies.functions)
            with gr.Tab("Camera", id="camera"):
                camera_tab.build(tabs, photo.results, bodies.entries(), bodies.functions)
            with gr.Tab("HMR", id="hmr") as tab:
                hmr = hmr_tab.HmrTab.build(bodies.entries(), bodies.functions)
            hmr.wire(tab, photo)
            with gr.Tab("BLADE", id="blade") as tab:
                blade = blade_tab.BladeTab.build(bodies.entries(), bodies.functions)
            blade.wire(tab, photo)
        api.build()
    page.queue(default_concurrency_limit=4, max_size=32)
    return page


def looks() -> dict:
    """Theme and style for launch(); system fonts, because a page of ours asks nobody outside for one."""
    theme = Soft(
        primary_hue="indigo",
        secondary_hue="indigo",
        neutral_hue="slate",
        font=SYSTEM_FONT,
        font_mono=["ui-monospace", "SFMono-Regular", "Consolas", "monospace"],
        radius_size="md",
    ).set(
        block_title_background_fill="transparent",
        block_title_background_fill_dark="transparent",
        block_title_padding="0",
        block_title_text_color="*body_text_color",
        block_title_text_color_dark="*body_text_color",
        block_title_text_weight="500",
        block_label_text_color="*body_text_color_subdued",
        block_label_text_color_dark="*body_text_color_subdued",
        block_label_text_weight="400",
        block_label_border_width="0px",
        block_label_shadow="none",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
    )
    return {"theme": theme, "css_paths": [*sorted(files.STATIC.glob("*.css")), CSS], "head": early()}
