"""What all visitors share: models, loaded once and never changed."""

from functools import lru_cache
from typing import Any

import torch

from workbench.body import BodyModel, load_body
from workbench.body.joints import SMPL_JOINTS, SMPLX_JOINTS
from workbench.figures import world
from workbench.method import Method
from workbench.methods import load_method


def body() -> BodyModel:
    """The body that sliders move and methods fit; read once per process."""
    return load_body()


@lru_cache(maxsize=4)
def method(name: str) -> Method:
    """A method, on the GPU if there is one."""
    return load_method(name, "cuda" if torch.cuda.is_available() else "cpu")


def topology(tag: str) -> dict[str, Any]:
    """Faces and joints of a body, which a page asks for once."""
    model = body()
    if tag != model.topology:
        raise ValueError(f"This page knows the {model.topology!r} body only; got {tag!r}.")
    return world.topology(model.faces, model.parents, joint_names(model))


def joint_names(model: BodyModel) -> tuple[str, ...]:
    """As people write them: "left knee"."""
    names = SMPL_JOINTS if model.num_joints == len(SMPL_JOINTS) else SMPLX_JOINTS
    return tuple(name.replace("_", " ") for name in names)
