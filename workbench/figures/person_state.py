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
import re
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
LARGEST_TURN_RAD = 2 * math.pi + 1e-4
"""A whole turn, also where it was rounded up: links hold 6.28319, float32 6.2831855."""
MOST_BYTES = 200_000
"""Of a person's file, packed or not: ten times what the largest needs."""
_ARRAYS = ("betas", "expression", "theta")
_ENTRIES = ("format", "body", *_ARRAYS)
_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '([<>|=][fiuU]\d{1,3})', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,3},(?: \d{1,3})?)?)\), \} *\n",
    re.DOTALL,
)
"""Of numbers or a text as numpy writes them, in up to two dimensions below 1,000. Only this reads it: numpy
parses a header as Python's text, and fails on a damaged one in a dozen ways."""


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
    part(data, "The person", *_ENTRIES)
    extra = sorted(set(map(str, data)) - set(_ENTRIES))
    if extra:
        raise ValueError(
            f"The person has unknown entries: {shown(extra)}. Only {', '.join(_ENTRIES)} are known."
        )
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
            contents = _members(packed)
    except Exception as error:  # what a damaged file meets in zipfile and zlib has no common kind
        raise ValueError(f"Expected a person as .npz; this cannot be read ({error}).") from None
    return from_dict({name: _array(content, name).tolist() for name, content in contents.items()}, bodies)


def _members(packed: zipfile.ZipFile) -> dict[str, bytes]:
    """A person's arrays in the file, by name, still as .npy."""
    listed = packed.infolist()
    wanted = {f"{name}.npy" for name in _ENTRIES}
    unknown = [entry.filename for entry in listed if entry.filename not in wanted]
    if unknown or len(listed) > len(wanted):
        raise ValueError(f"it should hold {', '.join(sorted(wanted))}, each once, and has {shown(unknown)}")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in listed):
        raise ValueError("it is packed in an unusual way")
    _check_size(sum(entry.file_size for entry in listed), "unpacked file")
    contents = {}
    for entry in listed:
        with packed.open(entry) as file:
            contents[entry.filename.removesuffix(".npy")] = file.read(MOST_BYTES)  # its size may be a lie
    return contents


def _array(content: bytes, name: str) -> np.ndarray:
    """One array of numbers or text, whose header must tell the truth about its size."""
    header = _HEADER.match(content)
    if not header:
        raise ValueError(
            f"{name} in the person's .npz must be an array of numbers, or a text, as numpy saves it."
        )
    try:
        dtype = np.dtype(header[1].decode())
        shape = tuple(int(size) for size in re.findall(rb"\d+", header[3]))
        if dtype.itemsize == 0 or dtype.itemsize * math.prod(shape) != len(content) - header.end():
            raise ValueError("another size")
        flat = np.frombuffer(content, dtype, offset=header.end()) if math.prod(shape) else np.zeros(0)
        flat.tolist()  # letters that are none
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} in the person's .npz is damaged: its content does not fit {shown(header[0])}."
        ) from None
    return flat.reshape(shape, order="F" if header[2] == b"True" else "C")


def _check_size(size: int, what: str) -> None:
    if size > MOST_BYTES:
        raise ValueError(f"A person's {what} has at most {MOST_BYTES:,} bytes; this one has {size:,}.")
