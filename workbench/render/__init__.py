"""Meshes to pictures in plain torch: overlays, depth, masks, and a differentiable silhouette."""

from workbench.render.maps import render_depth as render_depth
from workbench.render.maps import render_mask as render_mask
from workbench.render.overlay import Actor as Actor
from workbench.render.overlay import person_color as person_color
from workbench.render.overlay import render_layer as render_layer
from workbench.render.overlay import render_overlay as render_overlay
from workbench.render.overlay import render_side_views as render_side_views
from workbench.render.rasterize import Fragments as Fragments
from workbench.render.rasterize import is_linear as is_linear
from workbench.render.rasterize import project_for_raster as project_for_raster
from workbench.render.rasterize import rasterize as rasterize
from workbench.render.silhouette import silhouette_iou as silhouette_iou
