"""A body model as one small file, from which a browser poses the body by itself (static/body_model.js).

    gzip( length of the header, uint32 | header, JSON padded with spaces | the arrays, one after another )

Arrays are little-endian and keep all x before all y before all z, as loops in a browser like them. Lengths
become 16-bit steps, weights the few that are not zero, pose correctives the vertices that each joint bends.
What that costs in accuracy is a few hundredths of a millimetre, which a test holds.
"""

import gzip
import io
import json
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from workbench.body import BodyModel

OPEN_PREFIX = "open-"
"""Of the topology tags of bodies that anybody may be given."""
INDEX_LIMIT = 1 << 16
POSE_STEP_M = 5e-6
"""A pose moves a vertex by the sum of some tens of correctives: their errors stay far below 0.1 mm."""
Array = np.ndarray


def may_leave(model: BodyModel, loopback: bool) -> bool:
    """Whether a browser may be given the model: an open one always, a licensed one only on this machine.

    Sending a licensed model's arrays to visitors is passing it on, which its licence forbids.
    """
    return model.topology.startswith(OPEN_PREFIX) or loopback


def fits(model: BodyModel) -> bool:
    """Whether the file's 16-bit vertex numbers and 8-bit joint numbers suffice."""
    return len(model.v_template) <= INDEX_LIMIT and model.num_joints <= 256


def pack(model: BodyModel, joints: Sequence[str]) -> bytes:
    """The file; the same model always gives the same bytes.

    Args:
        model: the body.
        joints: names to show for its joints.

    Raises:
        ValueError: the model has too many vertices or joints.
    """
    if not fits(model):
        raise ValueError(
            f"A browser's body holds up to {INDEX_LIMIT} vertices and 256 joints; {model.name!r} has "
            f"{len(model.v_template)} and {model.num_joints}."
        )
    directions = model.directions.numpy()
    template, template_step = _steps(model.v_template.T.numpy()[None])
    shapes, shape_steps = _steps(directions[: model.num_betas])
    bent, counts, correctives, pose_step = _correctives(directions[model.num_betas :])
    joint_ids, weights = _weights(model.weights.numpy())
    arrays: dict[str, Array] = {  # the widest first, so that each starts where a browser can read it
        "jointTemplate": model.joint_template.numpy().astype("<f4"),
        "jointDirections": model.joint_directions.numpy().astype("<f4"),
        "template": template,
        "shapes": shapes,
        "correctives": correctives,
        "bent": bent,
        "weights": weights,
        "faces": model.faces.T.numpy().astype("<u2"),
        "jointIds": joint_ids,
    }
    header = {
        "topology": model.topology,
        "licence": model.licence,
        "joints": list(joints),
        "parents": list(model.parents),
        "vertices": len(model.v_template),
        "betas": model.num_betas,
        "influences": len(weights),
        "templateStep": template_step[0],
        "shapeSteps": shape_steps,
        "poseStep": pose_step,
        "bentCounts": counts,
        "arrays": [[name, values.dtype.str[1:], values.size] for name, values in arrays.items()],
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 4)
    content = len(text).to_bytes(4, "little") + text + b"".join(a.tobytes() for a in arrays.values())
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=0) as file:  # no name, no date
        file.write(content)
    return packed.getvalue()


def _steps(lengths_m: Float[Array, "N 3 V"]) -> tuple[Array, list[float]]:
    """16-bit steps, and how long one is, per first axis."""
    step = np.abs(lengths_m).max((1, 2)).astype(np.float64).clip(1e-12) / 32767
    return np.rint(lengths_m / step[:, None, None]).astype("<i2"), step.tolist()


def _correctives(directions_m: Float[Array, "P 3 V"]) -> tuple[Array, list[int], Array, float]:
    """Per joint but the root: which vertices it bends, and by how many steps for each of 9 numbers.

    Returns:
        vertex numbers (each the distance from the one before, which packs better), how many a joint has,
        steps (9, 3, vertices of the joint) after one another, and the length of a step in metres.
    """
    step = max(POSE_STEP_M, float(np.abs(directions_m).max(initial=0)) / 32767)
    per_joint = np.rint(directions_m / step).astype("<i2").reshape(-1, 9, 3, directions_m.shape[2])
    bent = [np.flatnonzero(values.any((0, 1))) for values in per_joint]
    numbers = [np.diff(ids, prepend=0).astype("<u2") for ids in bent]
    values = [values[:, :, ids].ravel() for values, ids in zip(per_joint, bent, strict=True)]
    return _joined(numbers, "<u2"), [len(ids) for ids in bent], _joined(values, "<i2"), step


def _joined(parts: list[Array], dtype: str) -> Array:
    return np.concatenate([np.zeros(0, dtype), *parts])


def _weights(weights: Float[Array, "V J"]) -> tuple[Array, Array]:
    """Joint numbers and weights in 1/65,535, the largest first: as many rows as the busiest vertex needs."""
    steps = np.rint(weights * 65535).astype("<u2")
    order = np.argsort(-steps.astype(np.int64), axis=1, kind="stable")
    influences = max(int((steps > 0).sum(1).max()), 1)
    order = order[:, :influences]
    chosen = np.take_along_axis(steps, order, axis=1)
    return np.ascontiguousarray(order.T).astype(np.uint8), np.ascontiguousarray(chosen.T)
