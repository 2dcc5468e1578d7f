"""Hand poses from a few numbers: SMPL-X's and SMPL-H's mean hand plus principal components (MANO, Romero et
al., SIGGRAPH Asia 2017). Bodies without them, as SMPL, have no fingers to pose."""

from jaxtyping import Float
from torch import Tensor

from workbench.body.model import BodyModel

HAND_JOINTS = 30
"""The last joints of a body with hands: 15 of the left, then 15 of the right."""


def hand_pose(model: BodyModel, coefficients: Float[Tensor, "*b 2 C"]) -> Float[Tensor, "*b 30 3"]:
    """Axis-angle of the body's last 30 joints: the mean hands, moved along their principal components.

    Args:
        model: a body with hand components.
        coefficients: of the left and of the right hand, as many as wanted; the others are zero.

    Raises:
        ValueError: the body has no hand components, or fewer than these.
    """
    if model.hand_means is None or model.hand_components is None:
        raise ValueError(
            f"Expected a body with hand components; body {model.name!r} has none. Load one in SMPL-X format, "
            "such as load_body('open-smplx')."
        )
    count = coefficients.shape[-1]
    if count > model.hand_components.shape[1]:
        raise ValueError(
            f"Expected at most {model.hand_components.shape[1]} coefficients per hand; got {count}."
        )
    used = model.hand_components[:, :count]  # (2, C, 45)
    pose = model.hand_means + (coefficients.to(used).unsqueeze(-2) @ used).squeeze(-2)
    return pose.reshape(*pose.shape[:-2], HAND_JOINTS, 3)
