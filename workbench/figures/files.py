"""Where the files lie that a page needs: all inside installed packages, none on the network."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

STATIC = Path(__file__).parent / "static"
VIEWS_CSS = STATIC / "views.css"


def plotly_js() -> Path:
    """plotly.js as plotly.py ships it; found without importing plotly."""
    spec = find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("plotly is not installed; run: pip install plotly")
    return Path(spec.submodule_search_locations[0]) / "package_data" / "plotly.min.js"


def version(path: Path) -> str:
    """Changes when the file does, so that a browser never keeps an old copy."""
    stat = path.stat()
    return hashlib.sha256(f"{stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:12]
