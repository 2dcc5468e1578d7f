"""How an exercise is checked: the student's function meets the library's on inputs that the check makes.

A check knows the usual mistakes as functions too. Where a student's answers are one of theirs, it says which.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

Function = Callable[..., Any]


@dataclass(frozen=True)
class Mistake:
    """A wrong way that many take."""

    says: str
    """What to tell those who took it."""
    answers: Function
    """What comes out then, from the same inputs."""


@dataclass(frozen=True)
class Exercise:
    """What a function should do, and how it usually goes wrong."""

    does: str
    """What is right about a right answer, in a few words."""
    answers: Function
    """The model answer."""
    inputs: Sequence[tuple[Any, ...]]
    """Arguments of one call each."""
    mistakes: Sequence[Mistake]
    unit: str
    """Of the answer."""
    tolerance: float
    """In that unit."""


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a check found; a notebook shows its text."""

    state: str
    """"right", "wrong" or "open" (nothing written yet)."""
    text: str

    def __repr__(self) -> str:
        return f"{ {'right': '✓', 'wrong': '✗', 'open': '…'}[self.state] } {self.text}"


def check(function: Any, exercise: Exercise) -> Verdict:
    """Run a student's function on the exercise's inputs and judge what it answers. It never raises."""
    if not callable(function):
        got = "nothing" if function is None else type(function).__name__
        return Verdict("wrong", f"Give the function itself, its name without brackets; got {got}.")
    name = getattr(function, "__name__", "your function")
    expected = [torch.as_tensor(exercise.answers(*_copies(given))).float() for given in exercise.inputs]
    answers = []
    for given, wanted in zip(exercise.inputs, expected, strict=True):
        answer = _answer_to(function, name, given, wanted)
        if isinstance(answer, Verdict):
            return answer
        answers.append(answer)
    gaps = [float((a - b).abs().max()) for a, b in zip(answers, expected, strict=True)]
    if max(gaps) <= exercise.tolerance:
        return Verdict("right", f"{name} is right: {exercise.does}.")
    for mistake in exercise.mistakes:
        if _is(mistake, answers, exercise):
            return Verdict("wrong", f"{name} is not right yet. {mistake.says}")
    return Verdict("wrong", _unknown(name, exercise, answers, expected, gaps))


def _answer_to(
    function: Function, name: str, given: tuple[Any, ...], wanted: Float[Tensor, "..."]
) -> Float[Tensor, "..."] | Verdict:
    """The answer as numbers, or why it is none."""
    try:
        answer = function(*_copies(given))
    except NotImplementedError:
        answer = None
    except Exception as error:  # whatever a student's code raises is told, not passed on
        return Verdict("wrong", f"{name} stopped with {type(error).__name__}: {error}")
    if answer is None or answer is Ellipsis:
        return Verdict("open", f"{name} is not done yet: it returns nothing. Fill it in and run it again.")
    try:
        numbers = torch.as_tensor(answer).detach().float()
    except (TypeError, ValueError, RuntimeError):
        return Verdict(
            "wrong", f"{name} must return numbers, best a tensor; it returned {type(answer).__name__}."
        )
    if numbers.shape != wanted.shape:
        shapes = f"{_shape(wanted)}; it returned {_shape(numbers)}"
        return Verdict("wrong", f"{name} must return {shapes}.")
    if not bool(torch.isfinite(numbers).all()):
        shown = ", ".join(_shown(value) for value in given)
        return Verdict(
            "wrong", f"{name} returned NaN or infinity for ({shown}): is something divided by zero there?"
        )
    return numbers


def _is(mistake: Mistake, answers: Sequence[Tensor], exercise: Exercise) -> bool:
    """Whether this mistake would have given these very answers."""
    for given, answer in zip(exercise.inputs, answers, strict=True):
        wrong = torch.as_tensor(mistake.answers(*_copies(given))).float()
        slack = max(exercise.tolerance, 1e-4 * float(wrong.abs().max()))
        if wrong.shape != answer.shape or not bool(((wrong - answer).abs() <= slack).all()):
            return False
    return True


def _unknown(
    name: str,
    exercise: Exercise,
    answers: Sequence[Tensor],
    expected: Sequence[Tensor],
    gaps: Sequence[float],
) -> str:
    """Where it is farthest off."""
    worst = max(range(len(gaps)), key=gaps.__getitem__)
    place = int((answers[worst] - expected[worst]).abs().argmax())
    got, wanted = (float(tensors[worst].flatten()[place]) for tensors in (answers, expected))
    right = sum(gap <= exercise.tolerance for gap in gaps)
    some = f" {right} of {len(gaps)} cases are right." if right else ""
    return (
        f"{name} is not right yet.{some} The largest difference is {gaps[worst]:.4g} {exercise.unit}: "
        f"{got:.4g} where {wanted:.4g} is expected."
    )


def _copies(given: tuple[Any, ...]) -> list[Any]:
    """Tensors may be changed by whom they are given to."""
    return [value.clone() if isinstance(value, Tensor) else value for value in given]


def _shape(values: Tensor) -> str:
    return "one number" if values.dim() == 0 else f"a tensor of shape {tuple(values.shape)}"


def _shown(value: Any) -> str:
    if isinstance(value, Tensor):
        return (
            str([round(v, 3) for v in value.tolist()]) if value.dim() == 1 else f"tensor {_shape(value)[9:]}"
        )
    return f"{value:g}" if isinstance(value, int | float) else str(value)[:40]
