"""The photo's answer is the scene that the photo was made from."""

import numpy as np
import torch

from workbench.app.samples import EYE_M, FOCAL_PX, SCENES, render_scene
from workbench.body import load_body
from workbench.lessons import scene
from workbench.render import Actor, render_layer


def test_the_answer_is_the_scenes():
    [figure] = SCENES["walking"].figures
    assert dict(figure.pose_deg) == scene.WALKING_DEG
    assert (figure.turn_deg, figure.place_m) == (scene.TURN_DEG, (0.0, scene.DISTANCE_M))
    assert (scene.EYE_M, scene.FOCAL_PX) == (EYE_M, FOCAL_PX)


def test_the_body_covers_the_person_in_the_photo():
    answer, body = scene.walking(), load_body("open-smpl")
    assert (np.abs(answer.rgb.astype(int) - render_scene(SCENES["walking"], body)) > 40).mean() < 1e-3
    vertices = body.mesh(answer.betas, answer.theta).vertices_m
    covered = render_layer([Actor(vertices, body.faces, answer.camera)], answer.camera.size_hw)[..., 3] > 127
    empty = render_scene(
        SCENES["walking"].__class__((), SCENES["walking"].wall, SCENES["walking"].floor), body
    )
    wall = slice(0, 650)  # above the skirting board there is neither a floor nor a shadow
    person = (np.abs(answer.rgb.astype(int) - empty).max(axis=2) > 24)[wall]
    both, either = (person & covered[wall]).sum(), (person | covered[wall]).sum()
    assert both / either > 0.97
    assert answer.camera.tz_m == float(answer.camera.t_camera_body_m[2])
    assert torch.isfinite(answer.theta).all()
