"""What every test may count on: one thread, a fixed seed, no network, and (on request) a browser."""

import os
import shutil

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"

import pytest
import torch

torch.set_num_threads(1)  # tests run in parallel processes; more threads would only contend

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of the Chromium that browser tests drive: $CHROMIUM, else the first one on the PATH."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail(
            f"Browser tests need a Chromium: none of {', '.join(BROWSERS)} is on the PATH and CHROMIUM "
            "is not set. `make browser` finds or installs one; or set CHROMIUM to its path."
        )
    return path
