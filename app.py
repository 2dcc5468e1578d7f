"""Entry point of the Hugging Face Space; everywhere else it is `python -m workbench.app`."""

import os

if "SPACE_ID" in os.environ:  # a Space cannot install mediapipe without its dependencies: fetch the two files
    os.environ.setdefault("WORKBENCH_DOWNLOAD", "1")

from workbench.app.__main__ import main

if __name__ == "__main__":
    main([])
