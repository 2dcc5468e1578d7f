"""Rotations, cameras and crops: the geometry every method shares, written once."""

from workbench.geometry.camera import Camera as Camera
from workbench.geometry.crop import Crop as Crop
