"""Everything about the package is in pyproject.toml, but for one step that has no words there.

assets/ lies beside the package in a checkout. A wheel carries it inside, where weights.assets_dir() looks
as well; an editable installation needs no copy.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithAssets(build_py):
    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            shutil.copytree("assets", Path(self.build_lib) / "workbench" / "assets", dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithAssets})
