"""Files that pages fetch: named after their content, so that browsers may keep them for ever.

They lie in the cache folder and not in a temporary one, which a killed app would leave behind at every start.
"""

import hashlib
import os
import tempfile
import time
from functools import cache
from pathlib import Path

import gradio as gr

from workbench.weights import cache_dir

KEEP_S = 60 * 24 * 3600
"""How long a file stays that no app has asked for: an older app may still be running."""


def publish(name: str, content: bytes) -> str:
    """Let pages fetch a file of this content; returns its address.

    Args:
        name: what it is, such as "views.js"; the content's hash is added.
        content: what is in it.

    Raises:
        ValueError: the cache folder cannot be written.
    """
    given = Path(name)
    folder = cache_dir() / "page"
    path = folder / f"{given.stem}-{hashlib.sha256(content).hexdigest()[:16]}{given.suffix}"
    try:
        _write(path, content)
    except OSError as error:
        raise ValueError(
            f"The files of the page could not be written to {folder}: {error}. Name a folder that can be "
            "written: XDG_CACHE_HOME=FOLDER"
        ) from error
    _allow(path)
    return address_of(path)


def address_of(path: Path) -> str:
    """Relative, so that it also works behind a proxy's path."""
    return f"gradio_api/file={path}"


@cache
def _allow(path: Path) -> None:
    """Once per file: Gradio keeps a list for the whole process, which grows with every call."""
    gr.set_static_paths([path])


def _write(path: Path, content: bytes) -> None:
    """Write a file unless it is there, and forget those that nobody has used for long."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.read_bytes() == content:
        os.utime(path)
        return
    handle, part = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(part, path)  # at once: a page of another app never gets half a file
    except OSError:
        Path(part).unlink(missing_ok=True)
        raise
    for old in path.parent.iterdir():
        if time.time() - old.stat().st_mtime > KEEP_S:
            old.unlink(missing_ok=True)
