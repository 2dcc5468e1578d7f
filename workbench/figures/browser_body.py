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
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Integer
from torch import Tensor

from workbench.body import BodyModel, joints
from workbench.body.known import KnownBody

OPEN_PREFIX = "open-"
"""Of the topology tags of bodies that anybody may be given."""
INDEX_LIMIT = 1 << 16
MOST_COEFFICIENTS = 10
"""Betas, and expressions, that a browser gets: as many as there are sliders. Official files hold hundreds."""
MOST_HAND_COMPONENTS = 12
POSE_STEP_M = 5e-6
"""A pose moves a vertex by the sum of some tens of correctives: their errors stay far below 0.1 mm."""
FACE = ("jaw", "left_eye", "right_eye")
FINGERS = ("index", "middle", "pinky", "ring", "thumb")
Array = np.ndarray


def may_leave(model: BodyModel, loopback: bool) -> bool:
    """Whether a browser may be given the model: an open one always, a licensed one only on this machine.

    Sending a licensed model's arrays to visitors is passing it on, which its licence forbids.
    """
    return model.topology.startswith(OPEN_PREFIX) or loopback


def fits(model: BodyModel) -> bool:
    """Whether the file's 16-bit vertex numbers and 8-bit joint numbers suffice."""
    return len(model.v_template) <= INDEX_LIMIT and model.num_joints <= 256


def entry(body: KnownBody, file: str | None) -> dict[str, Any]:
    """A body as a lab's configuration lists it (static/bodies.js).

    Args:
        body: one that can be chosen.
        file: under which name the host gives its packed file; None if Python has to pose it.
    """
    names = joints.joint_names(body.num_joints)
    return {
        "tag": body.tag,
        "label": body.label,
        "licence": "open" if body.open else "licensed: stays on this machine",
        "file": file,
        "joints": [shown(name) for name in names],
        "parents": list(joints.joint_parents(body.num_joints)),
        "betas": min(body.num_betas, MOST_COEFFICIENTS),
        "expressions": min(body.num_expressions, MOST_COEFFICIENTS),
        "groups": groups(names),
    }


def joint_names(model: BodyModel) -> tuple[str, ...]:
    """As people write them: "left knee"."""
    return tuple(shown(name) for name in joints.joint_names(model.num_joints))


def shown(name: str) -> str:
    """A joint's name for people."""
    return name.replace("_", " ")


def groups(names: Sequence[str]) -> dict[str, list[int]]:
    """Joint numbers by part of the body; parts that it does not have are left out."""
    found: dict[str, list[int]] = {"body": [], "face": [], "left hand": [], "right hand": []}
    for number, name in enumerate(names):
        side, _, rest = name.partition("_")
        if name in FACE:
            found["face"].append(number)
        elif rest.startswith(FINGERS):
            found[f"{side} hand"].append(number)
        else:
            found["body"].append(number)
    return {part: numbers for part, numbers in found.items() if numbers}


def pack(model: BodyModel) -> bytes:
    """The file; the same model always gives the same bytes.

    Raises:
        ValueError: the model has too many vertices or joints.
    """
    if not fits(model):
        raise ValueError(
            f"A browser's body holds up to {INDEX_LIMIT} vertices and 256 joints; {model.name!r} has "
            f"{len(model.v_template)} and {model.num_joints}."
        )
    betas, expressions = coefficients(model)
    directions = model.directions.numpy()
    smooth = np.concatenate((directions[:betas], directions[model.num_betas :][:expressions]))
    template, template_step = _steps(model.v_template.T.numpy()[None])
    shapes, shape_steps = _steps(smooth)
    bent, counts, correctives, pose_step = _correctives(directions[model.num_betas + model.num_expressions :])
    joint_ids, weights = _weights(model.weights.numpy())
    regressor_counts, regressor_ids, regressor_weights = _regressor(model)
    arrays: dict[str, Array] = {  # the widest first, so that each starts where a browser can read it
        "jointTemplate": model.joint_template.numpy().astype("<f4"),
        "jointDirections": _joint_directions(model, betas, expressions),
        "regressorWeights": regressor_weights,
        "handMeans": _hands(model.hand_means),
        "handComponents": _hands(
            None if model.hand_components is None else model.hand_components[:, :MOST_HAND_COMPONENTS]
        ),
        "template": template,
        "shapes": shapes,
        "correctives": correctives,
        "bent": bent,
        "weights": weights,
        "regressorIds": regressor_ids,
        "faces": model.faces.T.numpy().astype("<u2"),
        "jointIds": joint_ids,
    }
    header = {
        "topology": model.topology,
        "licence": model.licence,
        "joints": list(joint_names(model)),
        "parents": list(model.parents),
        "vertices": len(model.v_template),
        "betas": betas,
        "expressions": expressions,
        "keypoints": dict(model.keypoints),
        "templateStep": template_step[0],
        "shapeSteps": shape_steps,
        "poseStep": pose_step,
        "bentCounts": counts,
        "regressorCounts": regressor_counts,
        "arrays": [[name, values.dtype.str[1:], values.size] for name, values in arrays.items()],
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 4)
    content = len(text).to_bytes(4, "little") + text + b"".join(a.tobytes() for a in arrays.values())
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=0) as file:  # no name, no date
        file.write(content)
    return packed.getvalue()


def coefficients(model: BodyModel) -> tuple[int, int]:
    """How many betas and expressions a browser gets."""
    return min(model.num_betas, MOST_COEFFICIENTS), min(model.num_expressions, MOST_COEFFICIENTS)


def parts(model: BodyModel) -> Integer[Array, "V"]:
    """Per vertex the joint that it follows most."""
    return model.weights.numpy().argmax(1)


def _joint_directions(model: BodyModel, betas: int, expressions: int) -> Array:
    """How rest joints move with each coefficient: those of betas first."""
    moves = [model.joint_directions[:betas]]
    if model.expression_joint_directions is not None:
        moves.append(model.expression_joint_directions[:expressions])
    return torch.cat(moves).numpy().astype("<f4")


def _regressor(model: BodyModel) -> tuple[list[int], Array, Array]:
    """Per joint how many vertices it is computed from; their ids and weights, one joint after another."""
    if model.joint_regressor is None:
        return [], np.zeros(0, "<u2"), np.zeros(0, "<f4")
    dense = model.joint_regressor.numpy()
    of_joint, ids = np.nonzero(dense)
    counts = np.bincount(of_joint, minlength=len(dense)).tolist()
    return counts, ids.astype("<u2"), dense[of_joint, ids].astype("<f4")


def _hands(values: Tensor | None) -> Array:
    return np.zeros(0, "<f4") if values is None else values.numpy().astype("<f4")


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
