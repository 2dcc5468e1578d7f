"""Checkpoints that survive being killed at any moment.

A file is written beside its place, forced to the disk, and then moved there in one step (POSIX rename), so
that whoever reads finds the old one or the new one, whole. Nothing in a checkpoint can run code.
"""

import io
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

FORMAT, VERSION = "hmr-workbench-training", 2


class CheckpointError(ValueError):
    """A checkpoint cannot be written or used; the message says why and what to do."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is never seen half written, not even after a power cut.

    Raises:
        OSError: it could not be written; what was there before is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".partial-{path.name}-")
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.chmod(partial, 0o644)  # mkstemp's files are private
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where folders can be synced at all (Windows has no such thing)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def save_checkpoint(path: Path, method: str, preset: str, state: Mapping[str, Any]) -> None:
    """Save the whole state of a training.

    Args:
        path: an older checkpoint there is replaced once the new one is whole.
        method, preset: what is trained.
        state: tensors, numbers, texts, and dicts and lists of them.

    Raises:
        CheckpointError: it could not be written, for want of space say; an older one is intact.
    """
    buffer = io.BytesIO()  # torch's writer, given a file on a full disk, aborts in ways of its own
    torch.save({"format": FORMAT, "version": VERSION, "method": method, "preset": preset, **state}, buffer)
    for leftover in path.parent.glob(f".partial-{path.name}-*"):  # of a run that was killed
        leftover.unlink(missing_ok=True)
    try:
        write_whole(path, buffer.getvalue())
    except OSError as error:
        older = "The older checkpoint there is intact." if path.exists() else "There is none there yet."
        raise CheckpointError(
            f"The checkpoint {path} ({buffer.tell() / 1e6:.1f} MB) could not be written: {error.strerror}. "
            f"{older} Make room, or name another folder with --out."
        ) from error


def load_checkpoint(path: Path, method: str, preset: str) -> dict[str, Any]:
    """The state that `save_checkpoint` was given.

    Raises:
        CheckpointError: there is none, it is broken, of a newer version, or of something else.
    """
    if not path.is_file():
        raise CheckpointError(f"There is no checkpoint {path} to resume from. Start without --resume.")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch, pickle and zip each raise their own kinds
        reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise CheckpointError(
            f"{path} is not a checkpoint that can be read ({reason}). Remove it and start anew, or put back "
            "a copy of it."
        ) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise CheckpointError(f"{path} is not a checkpoint of the workbench's training; remove or rename it.")
    if content.get("version") != VERSION:
        raise CheckpointError(
            f"{path} has version {content.get('version')}; this workbench reads version {VERSION}. Use the "
            "workbench that wrote it, or start anew in another folder (--out)."
        )
    found = content["method"], content["preset"]
    if found != (method, preset):
        raise CheckpointError(
            f"{path} is of {found[0]!r}, preset {found[1]!r}; this training is of {method!r}, preset "
            f"{preset!r}. Name the folder of its own with --out."
        )
    return content
