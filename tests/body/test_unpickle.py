"""Pickles are read as data: whole when they are, never run when they are not."""

import collections
import os
import pickle
import struct
import sys
import types

import numpy as np
import pytest
from scipy import sparse

from workbench.body.unpickle import UnreadablePickleError, as_array, read_pickle

PROTOCOLS = range(6)


class Attack:
    """Calls a function when it is unpickled."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


@pytest.fixture
def chumpy(monkeypatch):
    """Enough of chumpy to write what it writes: objects whose state is a dictionary."""

    def module(name, **classes):
        made = types.ModuleType(name)
        for class_name, made_class in classes.items():
            made_class.__module__, made_class.__qualname__ = name, class_name
            setattr(made, class_name, made_class)
        monkeypatch.setitem(sys.modules, name, made)
        return made

    def node(name):
        def init(self, **state):
            self.__dict__.update(state)

        return type(name, (), {"__init__": init})

    module("chumpy")
    module("chumpy.ch", Ch=node("Ch"))
    module("chumpy.ch_ops", add=node("add"))
    module("chumpy.reordering", Select=node("Select"))
    return sys.modules


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("dtype", ["f8", "f4", ">f8", "u4", "i8", "?", "U3"])
def test_arrays_of_all_protocols(protocol, dtype):
    array = np.arange(24).reshape(2, 3, 4).astype(dtype)
    for kept in (array, np.asfortranarray(array), array[:, ::2], array[0, 0, 0], array[:0]):
        data = pickle.dumps({"a": kept, "text": "lbs", "n": 3}, protocol)
        content = read_pickle(data)
        np.testing.assert_array_equal(as_array(content["a"]), kept)
        assert (content["text"], content["n"]) == ("lbs", 3)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("kind", [sparse.csc_matrix, sparse.csr_matrix, sparse.csc_array, sparse.csr_array])
def test_sparse_matrices_become_dense(protocol, kind):
    dense = np.random.default_rng(0).binomial(2, 0.2, (24, 50)).astype(float)
    content = read_pickle(pickle.dumps({"J_regressor": kind(dense)}, protocol))
    np.testing.assert_array_equal(as_array(content["J_regressor"]), dense)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_chumpy_expressions(chumpy, protocol):
    x = np.random.default_rng(0).normal(size=(5, 3, 20))
    leaf = chumpy["chumpy.ch"].Ch(x=x, _dirty_vars={1, 2})
    ids = np.arange(x.size).reshape(x.shape)[..., :10].ravel()
    part = chumpy["chumpy.reordering"].Select(a=leaf, idxs=ids, preferred_shape=(5, 3, 10))
    total = chumpy["chumpy.ch_ops"].add(a=leaf, b=leaf)
    content = read_pickle(pickle.dumps({"leaf": leaf, "part": part, "sum": total}, protocol))
    np.testing.assert_array_equal(as_array(content["leaf"]), x)
    np.testing.assert_array_equal(as_array(content["part"]), x[..., :10])
    with pytest.raises(UnreadablePickleError, match=r"chumpy\.ch_ops\.add cannot be evaluated"):
        as_array(content["sum"])


def test_python_2_pickles():
    """Byte by byte as cPickle of Python 2 wrote protocol 2: byte strings where Python 3 has text."""

    def text(s):
        return b"U" + bytes([len(s)]) + s.encode("latin1")

    array = np.linspace(-1, 1, 6).reshape(2, 3)
    raw = b"T" + struct.pack("<i", array.nbytes) + array.tobytes()
    blank = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85" + text("b") + b"tR"
    dtype = b"cnumpy\ndtype\n" + text("f8") + b"K\x00K\x01\x87R(K\x03" + text("<") + b"NNNJ" + b"\xff" * 4
    dtype += b"J" + b"\xff" * 4 + b"K\x00tb"
    data = (
        b"\x80\x02}(" + text("v_template") + blank + b"(K\x01K\x02K\x03\x86" + dtype + b"\x89" + raw + b"tbu."
    )
    np.testing.assert_array_equal(as_array(read_pickle(data)["v_template"]), array)


def hide(attack, where):
    """The attack in some corner of a body file."""
    if where == "alone":
        return attack
    if where == "value":
        return {"v_template": np.zeros((3, 3)), "extra": [({"deep": attack},)]}
    if where == "key":
        return {"v_template": 1, attack: 2}
    holder = np.empty(1, dtype=object)
    holder[0] = attack
    return {"v_template": holder}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("where", ["alone", "value", "key", "array"])
@pytest.mark.parametrize("function", ["system", "eval", "getattr", "open"])
def test_code_is_refused_and_not_run(tmp_path, protocol, where, function):
    marker = tmp_path / "ran"
    attack = {
        "system": Attack(os.system, f"touch {marker}"),
        "eval": Attack(eval, f"open({str(marker)!r}, 'w')"),
        "getattr": Attack(getattr, "text", "join"),
        "open": Attack(open, str(marker), "w"),
    }[function]
    with pytest.raises(UnreadablePickleError, match="which is not data; nothing of it was run"):
        read_pickle(pickle.dumps(hide(attack, where), protocol))
    assert not marker.exists()


@pytest.mark.parametrize(
    "name",
    [
        "numpy load",
        "numpy.core.multiarray _reconstruct.__globals__",
        "builtins exec",
        "collections OrderedDict",
    ],
)
def test_only_listed_names_are_known(name):
    module, attribute = (part.encode() for part in name.split())
    by_line = b"c%b\n%b\n" % (module, attribute)
    by_stack = b"\x8c%c%b\x8c%c%b\x93" % (len(module), module, len(attribute), attribute)
    for stack in (by_line, by_stack):
        with pytest.raises(UnreadablePickleError, match="which is not data"):
            read_pickle(b"\x80\x04}(\x8c\x01a" + stack + b"u.")


def test_listed_names_do_nothing_by_themselves(tmp_path):
    """chumpy names are taken for data, whatever comes after the dot, and calling one only records it."""
    marker = tmp_path / "ran"
    command = f"touch {marker}".encode()
    data = b"\x80\x02}(U\x01acchumpy.os\nsystem\nU" + bytes([len(command)]) + command + b"\x85Ru."
    content = read_pickle(data)
    assert not marker.exists()
    with pytest.raises(UnreadablePickleError, match=r"chumpy\.os\.system cannot be evaluated"):
        as_array(content["a"])


def test_a_pickle_cannot_change_what_the_next_one_sees():
    tamper = b"\x80\x02}U\x01acnumpy\ndtype\n}U\x05stateK\x01sbs."  # sets an attribute of the class itself
    with pytest.raises(UnreadablePickleError, match="damaged"):
        read_pickle(tamper)
    array = np.arange(3.0)
    np.testing.assert_array_equal(as_array(read_pickle(pickle.dumps({"a": array}))["a"]), array)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_cut_pickle_is_damaged(protocol):
    data = pickle.dumps({"a": np.arange(1000.0)}, protocol)
    for length in (0, 1, 2, 10, len(data) // 2, len(data) - 1):
        with pytest.raises(UnreadablePickleError):
            as_array(read_pickle(data[:length])["a"])


def test_bytes_changed_at_random_never_crash():
    data = bytearray(pickle.dumps({"a": np.arange(5.0), "s": sparse.csc_matrix(np.eye(3))}, 2))
    rng = np.random.default_rng(0)
    for _ in range(300):
        broken = bytearray(data)
        for place in rng.integers(0, len(data), 3):
            broken[place] = rng.integers(0, 256)
        try:
            for value in read_pickle(bytes(broken)).values():
                as_array(value)
        except UnreadablePickleError:
            pass


@pytest.mark.parametrize("content", [[1, 2], "text", 3, collections.Counter])
def test_what_is_no_dictionary_is_refused(content):
    with pytest.raises(UnreadablePickleError, match=r"expected a dictionary|not data"):
        read_pickle(pickle.dumps(content, 2))


def test_objects_in_arrays_are_refused():
    data = pickle.dumps({"a": np.array([None, {}], dtype=object)})
    with pytest.raises(UnreadablePickleError, match="array of numbers"):
        as_array(read_pickle(data)["a"])


def test_sparse_matrices_with_wild_indices_are_damaged():
    matrix = sparse.csc_matrix(np.eye(4))
    for name, value in (
        ("indices", [9, 1, 2, 3]),
        ("indptr", [0, 9, 9, 9, 9]),
        ("_shape", (1 << 20, 1 << 20)),
    ):
        wrong = matrix.copy()
        wrong.__dict__[name] = np.array(value) if isinstance(value, list) else value
        content = read_pickle(pickle.dumps({"a": wrong}, 2))
        with pytest.raises(UnreadablePickleError, match=r"damaged|no joint regressor"):
            as_array(content["a"])


BOMBS = {
    "memo": b"\x80\x02}r" + struct.pack("<I", 1 << 27) + b".",
    "memo in text": b"}p134217728\n.",
    "bytes of 1 GB": b"\x80\x04\x8e" + struct.pack("<Q", 1 << 30) + b".",
    "bytearray of 1 GB": b"\x80\x05\x96" + struct.pack("<Q", 1 << 30) + b".",
    "text of 1 GB": b"\x80\x04\x8d" + struct.pack("<Q", 1 << 30) + b".",
    "short bytes of 1 GB": b"\x80\x03B" + struct.pack("<I", 1 << 30) + b".",
    "number of 1 GB": b"\x80\x02\x8b" + struct.pack("<I", 1 << 30) + b".",
    "text of Python 2": b"T" + struct.pack("<I", 1 << 30) + b".",
    "frame": b"\x80\x04\x95" + struct.pack("<Q", 1 << 30) + b"}.",
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("hidden", [False, True])
def test_nothing_is_reserved_that_the_file_does_not_hold(bomb, hidden, monkeypatch):
    """The unpickler must not even see it: it reserves memory before it reads."""

    def load(self):
        raise AssertionError("the unpickler was started")

    monkeypatch.setattr("workbench.body.unpickle._Unpickler.load", load, raising=False)
    before = pickle.dumps({"a": np.arange(9.0)}, 2)[:-1] if hidden else b""
    with pytest.raises(UnreadablePickleError, match="more than the file holds"):
        read_pickle(before + BOMBS[bomb])


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_pickles_with_every_kind_of_argument_pass(protocol):
    values = [0, -1, 255, 70_000, -(2**31), 2**63, 2**2100, 0.5, True, None, "\n", "µ" * 300, b"\n." * 200]
    content = {str(n): value for n, value in enumerate(values)} | {"many": list(range(1000))}
    read = read_pickle(pickle.dumps(content, protocol))
    assert {**read, "12": None} == {**content, "12": None}


def test_text_that_python_2_wrote_in_protocol_0_is_read():
    assert read_pickle(b"(dp0\nS'a'\np1\nS'\\xff\\n.'\np2\ns.") == {"a": "ÿ\n."}


@pytest.mark.parametrize("depth", [2, 30])
def test_lists_in_lists_are_no_arrays(depth):
    """Each holds the former twice: a kilobyte would unfold to gigabytes."""
    nested = [0.0, 0.0]
    for _ in range(depth - 1):
        nested = [nested, nested]
    content = read_pickle(pickle.dumps({"a": nested}, 2))
    with pytest.raises(UnreadablePickleError, match="lists in lists"):
        as_array(content["a"])
