"""What the notebooks need besides the library: checks for the exercises, sliders, and photos with answers."""

from workbench.lessons.blade_checks import check_distortion, check_match, check_relative, check_same_size
from workbench.lessons.body_checks import check_joint_position, check_skin
from workbench.lessons.camera_checks import (
    check_depth_from_height,
    check_focal_from_fov,
    check_full_frame,
    check_project,
    check_weak,
)
from workbench.lessons.hmr_checks import check_critic, check_feedback, check_reprojection, check_window
from workbench.lessons.measuring_checks import check_fit, check_iou, check_mpjpe, check_summary
from workbench.lessons.pose_checks import check_matrix_from_6d, check_mirror, check_rotation_matrix
from workbench.lessons.scene import Scene, walking
from workbench.lessons.sliders import beta_slider, camera_slider, turn_slider

__all__ = [
    "Scene",
    "beta_slider",
    "camera_slider",
    "check_critic",
    "check_depth_from_height",
    "check_distortion",
    "check_feedback",
    "check_fit",
    "check_focal_from_fov",
    "check_full_frame",
    "check_iou",
    "check_joint_position",
    "check_match",
    "check_matrix_from_6d",
    "check_mirror",
    "check_mpjpe",
    "check_project",
    "check_relative",
    "check_reprojection",
    "check_rotation_matrix",
    "check_same_size",
    "check_skin",
    "check_summary",
    "check_weak",
    "check_window",
    "turn_slider",
    "walking",
]
