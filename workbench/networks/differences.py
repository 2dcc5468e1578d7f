"""Whether named tensors are those that a network needs."""

from collections.abc import Mapping

from torch import Tensor

TOLD = 3


def differences(given: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> str:
    """What is wrong, in sentences; nothing if every name and shape fits and all numbers are finite.

    Args:
        given: read from a file.
        wanted: the network's `state_dict`, for names and shapes.
    """
    missing, unknown = (sorted(a.keys() - b.keys()) for a, b in ((wanted, given), (given, wanted)))
    problems = []
    if missing:
        problems.append(f"{len(missing)} of {len(wanted)} tensors are missing: {_few(missing)}.")
    if unknown:
        problems.append(f"{len(unknown)} of its tensors are unknown: {_few(unknown)}.")
    for name in sorted(wanted.keys() & given.keys()):
        if given[name].shape != wanted[name].shape:
            shapes = [tuple(value.shape) for value in (wanted[name], given[name])]
            problems.append(f"{name} should be {shapes[0]}, it is {shapes[1]}.")
        elif not given[name].isfinite().all():
            problems.append(f"{name} holds numbers that are not finite.")
        elif name.endswith("running_var") and given[name].min() < 0:
            problems.append(f"{name} holds negative variances.")
    return " ".join(problems[:TOLD])


def _few(names: list[str]) -> str:
    return ", ".join(names[:TOLD]) + (", ..." if len(names) > TOLD else "")
