"""Official SMPL files without chumpy and without trust: a pickle is a program, and this runs none of it.

The pickles of 2015-2019 hold numpy arrays, scipy sparse matrices and chumpy expressions. Unpickling means to
call whatever the file names. Here each name on a short list stands for an inert record that only remembers
what it was given, any other name is refused, and arrays are rebuilt from the records afterwards.
"""

import io
import pickle
import pickletools
from typing import Any, ClassVar

import numpy as np

_NUMPY = ("numpy.core", "numpy._core")  # before and since numpy 2
_NDARRAY = {f"{core}.multiarray._reconstruct" for core in _NUMPY}
_SCALAR = {f"{core}.multiarray.scalar" for core in _NUMPY}
_BUFFER = {f"{core}.numeric._frombuffer" for core in _NUMPY}
_OBJECT = {"copy_reg._reconstructor", "copyreg._reconstructor"}
_BYTES = {"_codecs.encode", "__builtin__.bytes", "builtins.bytes"}
_CSC = {f"scipy.sparse.{module}.csc_{kind}" for module in ("csc", "_csc") for kind in ("matrix", "array")}
_CSR = {f"scipy.sparse.{module}.csr_{kind}" for module in ("csr", "_csr") for kind in ("matrix", "array")}
_INERT = {
    "numpy.ndarray",
    "numpy.dtype",
    "__builtin__.object",
    "builtins.object",
    "__builtin__.set",
    "builtins.set",
}
_KNOWN = _NDARRAY | _SCALAR | _BUFFER | _OBJECT | _BYTES | _CSC | _CSR | _INERT

_OPCODES = {ord(opcode.code): opcode for opcode in pickletools.opcodes}
_COUNT_BYTES = {
    pickletools.TAKEN_FROM_ARGUMENT1: 1,
    pickletools.TAKEN_FROM_ARGUMENT4: 4,
    pickletools.TAKEN_FROM_ARGUMENT4U: 4,
    pickletools.TAKEN_FROM_ARGUMENT8U: 8,
}
_DENSE_LIMIT = 1 << 26  # entries of a sparse matrix written out; SMPL's regressor has 165,360


class UnreadablePickleError(ValueError):
    """A pickle that is damaged, or asks for something that is not data."""


class _Record:
    """What a name in the pickle was called with, and the state it was given."""

    name: ClassVar[str] = ""

    def __init__(self, *args: Any) -> None:
        self.args = args
        self.state: Any = None

    def __new__(cls, *args: Any) -> "_Record":  # also without __init__, as the NEWOBJ opcode does
        record = super().__new__(cls)
        record.args, record.state = args, None
        return record

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _Unpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str, /) -> Any:
        name = f"{module_name}.{global_name}"
        if name not in _KNOWN and not module_name.startswith("chumpy."):
            raise UnreadablePickleError(
                f"the pickle asks for {name!r}, which is not data; nothing of it was run. A body file holds "
                "numpy, scipy sparse and chumpy arrays only: get the file from its official site."
            )
        # A class of its own for each look-up, so that no pickle can alter what another one sees.
        return type("Record", (_Record,), {"name": name})


def read_pickle(data: bytes) -> dict[str, Any]:
    """The dictionary in a pickle, of any protocol and Python version; `as_array` reads its values.

    Raises:
        UnreadablePickleError: the pickle is damaged, holds no dictionary, or names what is not data.
    """
    try:
        _check_sizes(data)
        content = _Unpickler(io.BytesIO(data), encoding="latin1").load()
    except UnreadablePickleError:
        raise
    except Exception as error:  # a broken pickle can fail in any way
        raise UnreadablePickleError(f"the pickle is damaged or cut short ({error})") from error
    if not isinstance(content, dict):
        raise UnreadablePickleError(
            f"expected a dictionary of arrays in the pickle, got {type(content).__name__}"
        )
    return {str(key): value for key, value in content.items()}


def _check_sizes(data: bytes) -> None:
    """Refuse what makes the unpickler reserve more than the file holds: it believes counts and memo places.

    pickletools.genops reads the same opcodes, but stops at the strings that Python 2 wrote in protocol 0.
    """
    place, code = 0, 0
    while code != ord("."):  # STOP
        code = data[place]
        opcode, place = _OPCODES[code], place + 1
        width = opcode.arg.n if opcode.arg else 0
        if width == pickletools.UP_TO_NEWLINE:
            end = data.index(b"\n", place)
            argument = data[place:end] if opcode.name == "PUT" else b"0"
            number, place = int(argument), end + 1
            if opcode.name in ("GLOBAL", "INST"):  # two lines
                place = data.index(b"\n", place) + 1
        elif width in _COUNT_BYTES:
            start, place = place, place + _COUNT_BYTES[width]
            number = int.from_bytes(data[start:place], "little")
            place += number
        else:
            number, place = int.from_bytes(data[place : place + width], "little"), place + width
        if place > len(data) or (opcode.name in ("PUT", "LONG_BINPUT", "FRAME") and number > len(data)):
            raise UnreadablePickleError(
                f"the pickle is damaged or cut short: {opcode.name} asks for more than the file holds"
            )


def as_array(value: Any) -> np.ndarray:
    """The array that a value of `read_pickle` stands for: plain, sparse (made dense) or chumpy's.

    Raises:
        UnreadablePickleError: it stands for none, or for an expression that only chumpy could evaluate.
    """
    if isinstance(value, list | tuple) and any(isinstance(entry, list | tuple) for entry in value):
        raise UnreadablePickleError(  # the same list may stand in many places, and unfold without end
            "expected an array of numbers, got lists in lists; save the file with plain arrays first"
        )
    try:
        return np.asarray(_value(value))
    except UnreadablePickleError:
        raise
    except Exception as error:  # states are whatever the file says
        raise UnreadablePickleError(f"an array in the pickle is damaged ({error!r})") from error


def _value(value: Any) -> Any:
    if not isinstance(value, _Record):
        return value
    name, args, state = value.name, value.args, value.state
    if name in _OBJECT:  # protocols 0 and 1: the class is the first argument
        name = args[0].name
    if name in _NDARRAY:
        return _ndarray(*state[1:])
    if name in _BUFFER:
        return _ndarray(args[2], args[1], args[3] == "F", args[0])
    if name in _SCALAR:
        return _ndarray((), args[0], False, args[1])[()]
    if name in _BYTES:
        return args[0].encode("latin1") if args else b""
    if name in _CSC | _CSR:
        return _dense(state, by_column=name in _CSC)
    if name == "chumpy.ch.Ch":
        return _value(state["x"])
    if name == "chumpy.reordering.Select":
        return _select(state)
    raise UnreadablePickleError(
        f"{name} cannot be evaluated without chumpy; save the file with plain arrays first"
    )


def _ndarray(shape: Any, dtype: _Record, fortran: Any, raw: Any) -> np.ndarray:
    raw = _value(raw)
    if isinstance(raw, str):  # written by Python 2
        raw = raw.encode("latin1")
    spec, order = str(dtype.args[0]), dtype.state[1] if dtype.state else "="
    if np.dtype(spec).kind not in "biufSU":
        raise UnreadablePickleError(f"expected an array of numbers, got one of {spec}")
    flat = np.frombuffer(raw, np.dtype(spec).newbyteorder(order))
    return flat.reshape(tuple(shape), order="F" if fortran else "C")


def _dense(state: dict[str, Any], by_column: bool) -> np.ndarray:
    rows, columns = (int(_value(n)) for n in state["_shape" if "_shape" in state else "shape"])
    if not 0 < rows * columns <= _DENSE_LIMIT:
        raise UnreadablePickleError(f"a sparse matrix of {rows} x {columns} is no joint regressor")
    outer = np.repeat(np.arange(columns if by_column else rows), np.diff(_value(state["indptr"])))
    inner = _value(state["indices"])
    dense = np.zeros((rows, columns))
    np.add.at(dense, (inner, outer) if by_column else (outer, inner), _value(state["data"]))
    return dense


def _select(state: dict[str, Any]) -> np.ndarray:
    """chumpy's indexing: some entries of the flattened array, in a new shape."""
    picked = np.asarray(_value(state["a"])).ravel()[np.asarray(_value(state["idxs"]))]
    shape = state.get("preferred_shape")
    return picked if shape is None else picked.reshape(tuple(int(_value(n)) for n in shape))
