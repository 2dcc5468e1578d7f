"""The JavaScript modules of static/, joined into one.

An app serves one file and a notebook's widget takes one text, so the modules are put one after another, each
after those it imports, and the imports between them fall away. For that to be right

- an import names what it takes: `import { a, b } from "./other.js";`; `export { a } from ...` passes it on;
- what stands at the outermost level starts its line, and no other module uses its name;
- modules do not import each other in circles.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from workbench.figures.files import STATIC

_IMPORT = re.compile(r'^(?:import|export) \{([^}]*)\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_FOREIGN = re.compile(r"^(?:import\b|export .*\bfrom [\"']).*", re.MULTILINE)
_NAME = re.compile(r"^(export )?(?:async )?(?:function\*?|const|let|class) ([\w$]+)", re.MULTILINE)


def bundle(folder: Path = STATIC) -> str:
    """The text of one module that has every module's exports; the same files always give the same text.

    Raises:
        ValueError: the modules do not fit together as described above.
    """
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js"))}
    exported = _exports(texts)
    parts = [f"// {name}\n{_inside(name, texts, exported)}" for name in _in_order(texts)]
    names = sorted(name for file in exported.values() for name in file)
    return "\n".join([*parts, f"export {{ {', '.join(names)} }};\n"])


def styles(folder: Path = STATIC) -> str:
    """The style sheets, one after another."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.css")))


def _exports(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """What each module exports of its own."""
    owners: dict[str, str] = {}
    exported: dict[str, list[str]] = {name: [] for name in texts}
    for file, text in texts.items():
        for mark, name in _NAME.findall(text):
            if name in owners:
                raise ValueError(f"{file} and {owners[name]} both have {name!r}; call one of them otherwise.")
            owners[name] = file
            if mark:
                exported[file].append(name)
    return exported


def _imports(text: str) -> list[tuple[list[str], str]]:
    """What a module takes, and from which."""
    return [
        ([name for name in re.split(r"[\s,]+", names) if name], file) for names, file in _IMPORT.findall(text)
    ]


def _inside(file: str, texts: Mapping[str, str], exported: Mapping[str, list[str]]) -> str:
    """A module's text without its imports and the word export."""
    for names, other in _imports(texts[file]):
        passed_on = [name for given, _ in _imports(texts[other]) for name in given]
        missing = [name for name in names if name not in [*exported[other], *passed_on]]
        if missing:
            raise ValueError(f"{file} imports {', '.join(missing)}, which {other} does not export.")
    text = _IMPORT.sub("", texts[file])
    if left := _FOREIGN.search(text):
        raise ValueError(f'{file} has {left[0]!r}; write it as: import {{ name }} from "./file.js";')
    return re.sub(r"^export (?=(async |function|const |let |class ))", "", text, flags=re.MULTILINE)


def _in_order(texts: Mapping[str, str]) -> Iterable[str]:
    """Every module after those it imports."""
    done: dict[str, bool] = {}

    def visit(file: str, importer: str) -> None:
        if file not in texts:
            raise ValueError(f"{importer} imports {file}, which does not exist.")
        if done.get(file) is False:
            raise ValueError(f"{file} and {importer} import each other; move what both need elsewhere.")
        if file in done:
            return
        done[file] = False
        for _, other in _imports(texts[file]):
            visit(other, file)
        del done[file]
        done[file] = True  # at the end: the order of a dict is that of its insertions

    for file in texts:
        visit(file, "")
    return list(done)
