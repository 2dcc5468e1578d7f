"""Values of a file that nobody vouches for: each is what it should be, or a ValueError says what came."""

import reprlib
import sys
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

LARGEST = sys.float_info.max
LONGEST_TEXT = 200


def part(value: Any, name: str, *keys: str) -> dict[str, Any]:
    """A dictionary that has these keys."""
    if not isinstance(value, dict):
        raise ValueError(f"{name} must have names and values; got {shown(value)}.")
    missing = [key for key in keys if key not in value]
    if missing:
        raise ValueError(f"{name} has no {', '.join(map(repr, missing))}.")
    return value


def entries(value: Any, name: str, count: int | None = None) -> list[Any]:
    """A list of anything, of any length or of this."""
    if not isinstance(value, list | tuple) or count not in (None, len(value)):
        wanted = "a list" if count is None else f"a list of {count}"
        raise ValueError(f"{name} must be {wanted}; got {shown(value)}.")
    return list(value)


def text(value: Any, name: str, longest: int = LONGEST_TEXT) -> str:
    """Some words."""
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError(f"{name} must be a text of at most {longest} letters; got {shown(value)}.")
    return value


def number(value: Any, name: str, low: float = -LARGEST, high: float = LARGEST) -> float:
    """A number from `low` to `high`, and so a finite one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"{name} must be a number from {low:g} to {high:g}; got {shown(value)}.")
    return float(value)


def whole(value: Any, name: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{name} must be a whole number from {low} to {high}; got {shown(value)}.")
    return value


def numbers(value: Any, name: str, shape: Sequence[int | None], largest: float) -> Tensor:
    """Lists of lists of this shape, of numbers up to `largest`, as float32; None, in front, is any length."""
    _check_numbers(value, name, shape, largest)
    return torch.tensor(value, dtype=torch.float32).reshape([n or len(value) for n in shape])


def _check_numbers(value: Any, name: str, shape: Sequence[int | None], largest: float) -> None:
    if not shape:
        number(value, name, -largest, largest)
        return
    if not isinstance(value, list | tuple) or shape[0] not in (None, len(value)):
        wanted = " x ".join("any" if n is None else str(n) for n in shape)
        raise ValueError(f"{name} must be {wanted} numbers; got {shown(value)}.")
    for place, entry in enumerate(value):
        _check_numbers(entry, f"{name}[{place}]", shape[1:], largest)


def shown(value: Any) -> str:
    """A value for a message, shortened, however large or deep it is."""
    if isinstance(value, int) and abs(value) > LARGEST:
        return "a number of hundreds of digits"  # which Python may refuse to write out
    return reprlib.repr(value)
