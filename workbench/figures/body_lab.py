"""What the Body lab (static/body_lab.js) gets from Python: what it may show, and what it cannot do itself."""

import base64
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from workbench.body.export import FORMATS, write_mesh
from workbench.body.files import SHORT_NAMES
from workbench.body.joints import SMPL_JOINTS, SMPLX_JOINTS, joint_names
from workbench.body.known import known_bodies
from workbench.body.limits import HINGES
from workbench.body.moves import moves
from workbench.body.presets import PRESETS_DEG, preset, random_spread_rad
from workbench.figures import person_state
from workbench.figures.browser_body import shown
from workbench.figures.person_state import PersonState

BETA_LIMIT = 3.0
"""Of the sliders; a loaded person may go further."""
RANDOM_LIMIT = 2.0
NAMES: dict[str, tuple[str, ...]] = {
    "betas": ("height", "weight", "build"),
    "expression": ("smile", "mouth aside", "mouth corners", "", "eyes close"),
}
"""What some of the open bodies' coefficients change most."""
FILE_KINDS = ("json", "npz", *FORMATS)


def config(entries: Sequence[dict[str, Any]], linked: bool = False) -> dict[str, Any]:
    """The lab's configuration.

    Args:
        entries: the bodies to choose from, the first one shown at first; see ServedBodies.entries.
        linked: whether the page's address is the lab's to write the person into.
    """
    bodies = known_bodies()
    first = person_state.to_dict(person_state.rest(bodies[entries[0]["tag"]]))
    return {
        "person": {name: first[name] for name in ("body", "betas", "expression", "theta")},
        "bodies": list(entries),
        "format": person_state.FORMAT,
        "linked": linked,
        "limits": {
            "beta": BETA_LIMIT,
            "random": RANDOM_LIMIT,
            "coefficient": person_state.LARGEST_COEFFICIENT,
            "turn": person_state.LARGEST_TURN_RAD,
            "bytes": person_state.MOST_BYTES,
        },
        "names": {entry["tag"]: NAMES for entry in entries if bodies[entry["tag"]].open},
        "presets": {name: _turns(preset(name, SMPL_JOINTS).double().numpy()) for name in PRESETS_DEG},
        "random": {
            "spread": {
                shown(joint): row.tolist()
                for joints in (SMPL_JOINTS, SMPLX_JOINTS)
                for joint, row in zip(joints, random_spread_rad(len(joints)), strict=True)
            },
            "hinges": {shown(SMPL_JOINTS[joint]): [axis, sign] for joint, axis, sign in HINGES},
        },
        "moves": _moves(),
    }


def functions() -> list[Callable[..., Any]]:
    """What the lab calls."""
    return [person_code, person_file, opened_person]


def person_code(person: Any) -> str:
    """Python that makes the same mesh.

    Raises:
        ValueError: it is no person.
    """
    return code(_person(person))


def person_file(person: Any, kind: str) -> dict[str, str]:
    """A file of the person to keep: its name, and its content in base64.

    Raises:
        ValueError: it is no person, or there is no such kind of file.
    """
    state = _person(person)
    if kind not in FILE_KINDS:
        raise ValueError(f"Expected one of the kinds {', '.join(FILE_KINDS)}; got {str(kind)[:40]!r}.")
    content = _contents(state, kind)
    return {"name": f"person_{state.body.tag}.{kind}", "content": base64.b64encode(content).decode()}


def opened_person(name: str, content: Any) -> dict[str, Any]:
    """The person in a file that a visitor opened.

    Args:
        name: of the file, for messages.
        content: in base64.

    Raises:
        ValueError: it holds no person of a body that this page has.
    """
    if not isinstance(content, str) or len(content) > 2 * person_state.MOST_BYTES:
        raise ValueError(f"A person's file has at most {person_state.MOST_BYTES:,} bytes; this one has more.")
    try:
        data = base64.b64decode(content, validate=True)
    except ValueError:
        raise ValueError("The file did not arrive whole. Open it again.") from None
    read = person_state.from_npz if data[:2] == b"PK" else person_state.from_json
    try:
        return person_state.to_dict(read(data, known_bodies()))
    except ValueError as error:
        raise ValueError(f"{str(name)[:60]}: {error}") from None


def code(person: PersonState) -> str:
    """Python that makes the person's mesh."""
    names = joint_names(person.body.num_joints)
    turned = [joint for joint in range(len(names)) if bool(person.theta[joint].any())]
    joints = {len(SMPL_JOINTS): "SMPL_JOINTS", len(SMPLX_JOINTS): "SMPLX_JOINTS"}.get(
        len(names), "SMPLH_JOINTS"
    )
    turns = (
        f'theta[{joints}.index("{names[joint]}")] = torch.tensor({_numbers(person.theta[joint])})'
        for joint in turned
    )
    shipped = person.body.source in SHORT_NAMES
    source = person.body.source if shipped else Path(person.body.source).name
    smiling = bool(person.expression.any())
    lines = [
        "import torch",
        "",
        "from workbench.body import load_body",
        *([f"from workbench.body.joints import {joints}"] if turned else []),
        "",
        f"body = load_body({json.dumps(source, ensure_ascii=False)})"  # as Python quotes it, too
        + ("" if shipped else "  # the path of your file"),
        f"betas = torch.tensor({_numbers(person.betas)})",
        *([f"expression = torch.tensor({_numbers(person.expression)})"] if smiling else []),
        f"theta = torch.zeros({len(names)}, 3)  # axis-angle, rad",
        *turns,
        f"mesh = body.with_shape(betas{', expression' if smiling else ''}).with_pose(theta).mesh()",
        "print(mesh.vertices_m.shape, mesh.joints_m.shape)",
    ]
    return "\n".join(lines)


def _person(data: Any) -> PersonState:
    """A person as the lab has it, without the files' format."""
    given = {"format": person_state.FORMAT, **data} if isinstance(data, dict) else data
    return person_state.from_dict(given, known_bodies())


def _contents(person: PersonState, kind: str) -> bytes:
    if kind == "json":
        return person_state.to_json(person)
    if kind == "npz":
        return person_state.to_npz(person)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"person.{kind}"
        write_mesh(person.mesh(), path)
        return path.read_bytes()


def _turns(theta: Float[np.ndarray, "24 3"]) -> dict[str, list[float]]:
    """What turns, by the names that people read."""
    return {
        shown(joint): np.round(turn, 6).tolist()
        for joint, turn in zip(SMPL_JOINTS, theta, strict=True)
        if turn.any()
    }


def _moves() -> list[dict[str, Any]]:
    """Movements of hands and face: measured on the open body, good for all that stand in a T-pose."""
    return [
        {
            "name": move.name,
            "group": move.group,
            "unit": move.unit,
            "low": move.low,
            "high": move.high,
            "turns": {shown(joint): np.round(turn, 6).tolist() for joint, turn in move.turns_rad.items()},
        }
        for move in moves(known_bodies()["open-smplx"].load())
    ]


def _numbers(values: Any) -> list[float]:
    return [round(value, 6) for value in values.tolist()]
