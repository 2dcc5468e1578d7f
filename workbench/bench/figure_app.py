"""The usual way to show a live body, to measure ours against: each change makes a new Plotly figure.

python -m workbench.bench.figure_app --port N
"""

import argparse

import gradio as gr
import plotly.graph_objects as go
import torch

from workbench.body import load_body
from workbench.figures.world import to_display


def figure(beta: float) -> go.Figure:
    """The open body with its first shape coefficient, as 32-bit arrays, which Plotly sends in binary."""
    body = load_body("open-smpl")
    betas = torch.zeros(body.num_betas)
    betas[0] = beta
    mesh = body.mesh(betas, torch.zeros(body.num_joints, 3))
    x, y, z = to_display(mesh.vertices_m, "body").T.contiguous().numpy()
    i, j, k = mesh.faces.T.contiguous().numpy().astype("uint16")
    shown = go.Figure(go.Mesh3d(x=x, y=y, z=z, i=i, j=j, k=k, color="#8fb4d6", hoverinfo="skip"))
    ranges = {"xaxis": [-1.2, 1.2], "yaxis": [-1.0, 1.0], "zaxis": [-1.4, 1.1]}
    axes = {name: {"range": limits, "visible": False} for name, limits in ranges.items()}
    shown.update_layout(scene={**axes, "aspectmode": "data"}, uirevision="same", height=560)
    return shown


def main() -> None:
    """Serve a slider and a plot until stopped."""
    parser = argparse.ArgumentParser(description="A body under one slider, a new figure per change.")
    parser.add_argument("--port", type=int, required=True)
    with gr.Blocks(analytics_enabled=False) as page:
        slider = gr.Slider(-3, 3, 0, step=0.05, label="beta", elem_id="beta")
        plot = gr.Plot(figure(0.0), elem_id="plot")
        slider.input(figure, slider, plot, trigger_mode="always_last", show_progress="hidden")
    page.launch(server_port=parser.parse_args().port, quiet=True)


if __name__ == "__main__":
    main()
