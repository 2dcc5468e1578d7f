"""The person that a lab's sliders move, as JSON, as an .npz and as the text of a page's link.

    {"format": "hmr-workbench person 1", "body": "open-smpl", "betas": [...], "expression": [], "theta": [..]}

What comes from outside is not trusted: every function that reads refuses whatever is not exactly a person of
one of the given bodies, and says what is wrong with it.
"""

import base64
import binascii
import io
import json
import math
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from workbench.body.known import KnownBody
from workbench.body.mesh import Mesh
from workbench.figures.browser_body import MOST_COEFFICIENTS
from workbench.untrusted import numbers, part, shown, text

FORMAT = "hmr-workbench person 1"
LARGEST_COEFFICIENT = 10.0
"""Of betas and expression, in standard deviations: far beyond any person."""
LARGEST_TURN_RAD = 2 * math.pi
MOST_BYTES = 200_000
"""Of a person's file, packed or not: ten times what the largest needs."""
_ARRAYS = ("betas", "expression", "theta")


@dataclass(frozen=True, eq=False)
class PersonState:
    """Shape, expression and pose of one person."""

    body: KnownBody
    betas: Float[Tensor, "B"]
    expression: Float[Tensor, "E"]
    theta: Float[Tensor, "J 3"]

    def mesh(self) -> Mesh:
        """The person, in body axes."""
        model = self.body.load()
        expression = self.expression if model.num_expressions else None
        return model.mesh(self.betas, self.theta, expression)


def rest(body: KnownBody) -> PersonState:
    """A body's mean person in rest pose."""
    betas, expressions = coefficients(body)
    return PersonState(body, torch.zeros(betas), torch.zeros(expressions), torch.zeros(body.num_joints, 3))


def coefficients(body: KnownBody) -> tuple[int, int]:
    """How many betas and expression coefficients a person of this body has."""
    return min(body.num_betas, MOST_COEFFICIENTS), min(body.num_expressions, MOST_COEFFICIENTS)


def to_dict(person: PersonState) -> dict[str, Any]:
    """As JSON-ready values; the numbers are exactly the person's."""
    arrays = {name: getattr(person, name).tolist() for name in _ARRAYS}
    return {"format": FORMAT, "body": person.body.tag, **arrays}


def from_dict(data: Any, bodies: Mapping[str, KnownBody]) -> PersonState:
    """The inverse.

    Args:
        data: what to_dict made, or anything else.
        bodies: those that the person may be of, by tag.

    Raises:
        ValueError: something is missing, unknown, of the wrong length, too large or not finite.
    """
    part(data, "The person", "format", "body", *_ARRAYS)
    extra = sorted(set(map(str, data)) - {"format", "body", *_ARRAYS})
    if extra:
        raise ValueError(f"The person has unknown entries: {shown(extra)}. Only {_entries()} are known.")
    if data["format"] != FORMAT:
        raise ValueError(f"The person's format must be {FORMAT!r}; got {shown(data['format'])}.")
    tag = text(data["body"], "The person's body")
    if tag not in bodies:
        raise ValueError(f"The person's body must be one of {', '.join(bodies)}; got {shown(tag)}.")
    body = bodies[tag]
    betas, expressions = coefficients(body)
    return PersonState(
        body,
        numbers(data["betas"], "betas", (betas,), LARGEST_COEFFICIENT),
        numbers(data["expression"], "expression", (expressions,), LARGEST_COEFFICIENT),
        numbers(data["theta"], "theta", (body.num_joints, 3), LARGEST_TURN_RAD),
    )


def to_json(person: PersonState) -> bytes:
    """A JSON file's content."""
    return (json.dumps(to_dict(person), indent=1, allow_nan=False) + "\n").encode()


def to_link(person: PersonState) -> str:
    """The text after `#person=` in a page's address: JSON in base64url without padding."""
    data = json.dumps(to_dict(person), separators=(",", ":"), allow_nan=False).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_link(link: str, bodies: Mapping[str, KnownBody]) -> PersonState:
    """The inverse.

    Raises:
        ValueError: it is no such text, or holds no person.
    """
    if len(link) > MOST_BYTES:
        raise ValueError(f"A person's link has at most {MOST_BYTES:,} letters; got {len(link):,}.")
    try:
        data = base64.b64decode(link + "=" * (-len(link) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise ValueError("A person's link must be base64url; this one is damaged. Copy it again.") from None
    return from_json(data, bodies)


def from_json(data: bytes, bodies: Mapping[str, KnownBody]) -> PersonState:
    """A person from a JSON file's content.

    Raises:
        ValueError: it is not JSON, or no person.
    """
    _check_size(len(data), "file")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:  # bad UTF-8, bad JSON, thousands of digits or brackets
        raise ValueError(f"Expected a person as JSON; this cannot be read ({error}).") from None
    return from_dict(found, bodies)


def to_npz(person: PersonState) -> bytes:
    """As numpy arrays `betas`, `expression` and `theta`, with the texts `format` and `body`."""
    arrays = {name: getattr(person, name).numpy() for name in _ARRAYS}
    packed = io.BytesIO()
    np.savez_compressed(packed, format=np.array(FORMAT), body=np.array(person.body.tag), **arrays)
    return packed.getvalue()


def from_npz(data: bytes, bodies: Mapping[str, KnownBody]) -> PersonState:
    """The inverse. Nothing is unpickled, and no more is unpacked than a person can take.

    Raises:
        ValueError: it is no .npz, or holds no person.
    """
    _check_size(len(data), "file")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _check_size(sum(entry.file_size for entry in packed.infolist()), "unpacked file")
            found = {entry.filename.removesuffix(".npy"): packed.read(entry) for entry in packed.infolist()}
        arrays = {name: _array(content, name) for name, content in found.items()}
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise ValueError(f"Expected a person as .npz; this cannot be read ({error}).") from None
    return from_dict({name: array.tolist() for name, array in arrays.items()}, bodies)


def _array(content: bytes, name: str) -> np.ndarray:
    """One array of numbers or text, whose header must tell the truth about its size."""
    stream = io.BytesIO(content)
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    try:
        shape, _, dtype = readers[np.lib.format.read_magic(stream)](stream)
    except (ValueError, KeyError):
        raise ValueError(f"{shown(name)} in the .npz is no numpy array.") from None
    if dtype.kind not in "fiuU" or dtype.itemsize * math.prod(shape) != len(content) - stream.tell():
        raise ValueError(f"{shown(name)} in the .npz must hold numbers; got {dtype} of shape {shape}.")
    return np.load(io.BytesIO(content), allow_pickle=False)


def _check_size(size: int, what: str) -> None:
    if size > MOST_BYTES:
        raise ValueError(f"A person's {what} has at most {MOST_BYTES:,} bytes; this one has {size:,}.")


def _entries() -> str:
    return ", ".join(("format", "body", *_ARRAYS))
