"""Entry point of the Hugging Face Space; everywhere else it is `python -m workbench.app`."""

import os

if "SPACE_ID" in os.environ:
    # A Space cannot install mediapipe without its dependencies: fetch the two model files instead.
    os.environ.setdefault("WORKBENCH_DOWNLOAD", "1")
    import spaces  # noqa: F401  # pyright: ignore[reportMissingImports]  # ZeroGPU wants to be first, before torch

from workbench.app.__main__ import main

if __name__ == "__main__":
    main([])
