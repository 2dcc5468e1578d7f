"""What all visitors share: models, loaded once and never changed."""

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any

import torch

from workbench.app.guard import words
from workbench.app.page_files import publish
from workbench.body import BodyModel, load_body
from workbench.evaluation.joint_sets import joint_set
from workbench.evaluation.score import Scorer
from workbench.evaluation.sets import true_body
from workbench.figures import browser_body, world
from workbench.figures.served_bodies import ServedBodies
from workbench.method import Method, MethodInfo
from workbench.methods import METHODS, load_method
from workbench.weights import WeightsMissing, find


def body() -> BodyModel:
    """The body that sliders move and methods fit; read once per process."""
    return load_body()


class PageBodies(ServedBodies):
    """The labs' bodies, with files that pages can fetch."""

    @property
    def functions(self) -> list[Callable[..., Any]]:
        """What the page calls."""
        return [self.body_file, *super().functions]

    def body_file(self, tag: str) -> str:
        """Address of the file from which a browser poses a body.

        Raises:
            ValueError: there is no such body, or it must not leave this machine.
        """
        return publish(f"{tag}.bin", self.packed(tag))


@lru_cache(maxsize=len(METHODS))
def method(name: str) -> Method:
    """A method, on the GPU if there is one."""
    return load_method(name, "cuda" if torch.cuda.is_available() else "cpu")


@lru_cache(maxsize=8)
def scorer(joints: str) -> Scorer:
    """Who measures with a joint set; knows the body that methods fit and that of made-up scenes.

    Raises:
        ValueError: there is no such joint set.
    """
    joint_set(joints)
    return Scorer({model.topology: model for model in (body(), true_body())}, joints)


def method_infos() -> dict[str, MethodInfo]:
    """How each method introduces itself, without loading it."""
    classes = {name: place.split(":") for name, place in METHODS.items()}
    return {name: getattr(import_module(module), cls).info for name, (module, cls) in classes.items()}


def missing(name: str) -> str:
    """What a method still needs from its user, for visitors to read; "" if nothing."""
    try:
        for file in method_infos()[name].supplied:
            find(file)
    except WeightsMissing as error:
        return words(error)
    return ""


def topology(tag: str) -> dict[str, Any]:
    """Faces and joints of a body, which a page asks for once."""
    known = {model.topology: model for model in (body(), true_body())}
    if tag not in known:
        raise ValueError(f"This page knows the bodies {', '.join(known)}; got {tag!r}.")
    model = known[tag]
    return world.topology(model.faces, model.parents, joint_names(model))


def joint_names(model: BodyModel) -> tuple[str, ...]:
    """As people write them: "left knee"."""
    return browser_body.joint_names(model)
