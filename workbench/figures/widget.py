"""Live figures for notebooks: the app's own views and labs, hosted by anywidget.

    view = BodyView(betas=[2.0])        a body to turn around; as the last line of a cell it is shown
    view.betas = [-2.0]                 Python moves it
    view.number("betas", 0)             a trait that a slider can be linked to, see lessons.beta_slider
    BodyLab(), CameraLab()              the app's labs, with all their controls

The browser poses bodies by itself. plotly.js, the views and the bodies are asked for once per page, so a
notebook holds no copy of them and needs no network.
"""

from workbench.figures.widget_labs import BodyLab, CameraLab
from workbench.figures.widget_views import BodyView, PlaneView

__all__ = ["BodyLab", "BodyView", "CameraLab", "PlaneView"]
