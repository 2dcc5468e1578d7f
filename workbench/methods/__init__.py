"""The registry of methods. One system, one file; methods never import each other."""

from importlib import import_module

from workbench.method import Method

METHODS: dict[str, str] = {
    "smplify": "workbench.methods.smplify:Smplify",
    "regressor": "workbench.methods.landmark_regressor:Regressor",
    "hmr": "workbench.methods.hmr:Hmr",
    "hmr-paper": "workbench.methods.hmr:HmrPaper",
    "blade": "workbench.methods.blade:Blade",
    "blade-paper": "workbench.methods.blade:BladePaper",
}
"""Name to "module:class"; the module is imported when the method is first loaded."""


def load_method(name: str, device: str = "cpu") -> Method:
    """Load a method by its registry name.

    Raises:
        ValueError: no such method.
        WeightsMissing: its weights are not on this machine; the message says how to get them.
    """
    if name not in METHODS:
        raise ValueError(f"No method is called {name!r}. The methods here are: {', '.join(METHODS)}.")
    module, cls = METHODS[name].split(":")
    return getattr(import_module(module), cls).load(device)
