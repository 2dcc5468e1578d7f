"""One module out of many: nothing is lost, nothing clashes; that it runs is a browser test."""

import re
from pathlib import Path

import pytest

from workbench.figures.bundle import bundle, styles
from workbench.figures.files import STATIC


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text)
    return folder


def test_the_projects_modules_fit_together():
    text = bundle()
    assert not re.search(r"^import\b", text, re.MULTILINE)
    assert len(re.findall(r"^export\b", text, re.MULTILINE)) == 1
    for name in ("createBodyView", "createPhotoView", "createChart", "pageHost"):
        assert re.search(rf"^export {{.*\b{name}\b.*}};$", text, re.MULTILINE)
    assert all(f"// {path.name}\n" in text for path in STATIC.glob("*.js"))
    assert bundle() == text


def test_every_style_sheet_is_in_the_styles():
    assert all(path.read_text() in styles() for path in STATIC.glob("*.css"))


def test_a_module_comes_after_those_it_imports(tmp_path):
    write(
        tmp_path,
        a='import { two } from "./b.js";\nexport const four = two + two;\n',
        b='import {\n  one,\n} from "./c.js";\nexport const two = one + one;\n',
        c="const half = 0.5;\nexport const one = half + half;\n",
    )
    text = bundle(tmp_path)
    order = [text.index(f"const {name}") for name in ("half", "one", "two", "four")]
    assert order == sorted(order)
    assert text.endswith("export { four, one, two };\n")
    assert "import" not in text


def test_a_name_may_be_passed_on(tmp_path):
    write(
        tmp_path,
        a='import { one } from "./b.js";\nexport const two = one + one;\n',
        b='export { one } from "./c.js";\n',
        c="export const one = 1;\n",
    )
    assert bundle(tmp_path).endswith("export { one, two };\n")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a": "const x = 1;\n", "b": "function x() {}\n"}, "both have 'x'"),
        ({"a": 'import { x } from "./b.js";\n', "b": "const x = 1;\n"}, "does not export"),
        ({"a": 'import { x } from "./b.js";\n'}, "does not exist"),
        ({"a": 'import { x as y } from "./b.js";\n', "b": "export const x = 1;\n"}, "does not export"),
        ({"a": 'import * as b from "./b.js";\n', "b": "export const x = 1;\n"}, "write it as"),
        ({"a": 'import { x } from "three";\n'}, "write it as"),
        (
            {
                "a": 'import { y } from "./b.js";\nexport const x = 1;\n',
                "b": 'import { x } from "./a.js";\nexport const y = 1;\n',
            },
            "import each other",
        ),
    ],
)
def test_what_does_not_fit_is_said(files, said, tmp_path):
    with pytest.raises(ValueError, match=said):
        bundle(write(tmp_path, **files))
