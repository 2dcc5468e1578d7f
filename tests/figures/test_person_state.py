"""A person goes out and comes back the same; whatever else comes is refused, with a reason."""

import base64
import io
import json
import math
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from workbench.body.known import known_bodies
from workbench.figures import person_state
from workbench.figures.person_state import PersonState

BODIES = known_bodies()
TAGS = ("open-smpl", "open-smplx")


def person(tag: str = "open-smplx") -> PersonState:
    rest = person_state.rest(BODIES[tag])
    random = (torch.randn_like(part).clamp(-3, 3) for part in (rest.betas, rest.expression, rest.theta))
    return PersonState(BODIES[tag], *random)


def same(one: PersonState, other: PersonState) -> bool:
    parts = ("betas", "expression", "theta")
    return one.body is other.body and all(torch.equal(getattr(one, p), getattr(other, p)) for p in parts)


def data(**changes: Any) -> dict[str, Any]:
    return person_state.to_dict(person()) | changes


@pytest.mark.parametrize("tag", TAGS)
def test_every_form_gives_the_same_person_back(tag):
    given = person(tag)
    assert same(person_state.from_dict(person_state.to_dict(given), BODIES), given)
    assert same(person_state.from_json(person_state.to_json(given), BODIES), given)
    assert same(person_state.from_npz(person_state.to_npz(given), BODIES), given)
    assert same(person_state.from_link(person_state.to_link(given), BODIES), given)


@pytest.mark.parametrize("tag", TAGS)
def test_a_person_has_a_mesh(tag):
    mesh = person_state.rest(BODIES[tag]).mesh()
    torch.testing.assert_close(mesh.vertices_m, BODIES[tag].load().v_template, atol=1e-6, rtol=0)


BAD_NUMBERS = (math.nan, math.inf, -math.inf, 1e9, 10**400, "1", None, True, [0.0], {})


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=str)
def test_numbers_that_are_none_are_refused(bad):
    for name in ("betas", "expression"):
        with pytest.raises(ValueError, match=name):
            person_state.from_dict(data(**{name: [bad] + [0.0] * 9}), BODIES)
    with pytest.raises(ValueError, match="theta"):
        person_state.from_dict(data(theta=[[0.0, bad, 0.0]] + [[0.0] * 3] * 54), BODIES)


WRONG: dict[str, Any] = {
    "nothing": None,
    "a list": [],
    "empty": {},
    "other format": data(format="hmr-workbench person 2"),
    "other body": data(body="smpl-purple"),
    "a body that is no text": data(body=["open-smpl"]),
    "too few betas": data(betas=[0.0] * 9),
    "too many betas": data(betas=[0.0] * 11),
    "an SMPL pose for SMPL-X": data(theta=[[0.0] * 3] * 24),
    "theta flat": data(theta=[0.0] * 165),
    "theta deep": data(theta=[[[0.0]] * 3] * 55),
    "extra": data(gender="neutral"),
    "missing": {key: value for key, value in data().items() if key != "theta"},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_is_not_exactly_a_person_is_refused(wrong):
    with pytest.raises(ValueError, match=r"must|has no|unknown"):
        person_state.from_dict(wrong, BODIES)


@pytest.mark.parametrize(
    "link",
    ["", "%", "e30", "AAAA", "ä", "[[", "e" * 300_000, base64.urlsafe_b64encode(b"[" * 50_000).decode()],
)
def test_damaged_links_are_refused(link):
    with pytest.raises(ValueError, match=r"person|link"):
        person_state.from_link(link, BODIES)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"null", b"{", b"NaN", b"9" * 5000, b" " * 300_000])
def test_damaged_json_is_refused(content):
    with pytest.raises(ValueError, match="person"):
        person_state.from_json(content, BODIES)


def packed(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def zipped(name: str, content: bytes, way: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", way) as file:
        file.writestr(name, content)
    return stream.getvalue()


def with_header(descr: str, shape: tuple[int, ...]) -> bytes:
    """An array file of 183 bytes or so that promises much and holds nothing."""
    stream = io.BytesIO()
    header = {"descr": descr, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, header)
    return zipped("theta.npy", stream.getvalue())


def lying_header() -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)})
    return stream.getvalue()


BAD_FILES: dict[str, Callable[[], bytes]] = {
    "no zip": lambda: b"PK\x03\x04 and nothing more",
    "another archive": lambda: zipped("hello.txt", b"hello"),
    "a bomb": lambda: zipped("betas.npy", bytes(50_000_000)),
    "a header that lies": lambda: zipped("betas.npy", lying_header()),
    "no columns": lambda: with_header("<f4", (10**9, 0)),
    "no letters": lambda: with_header("<U0", (10**9,)),
    "no columns, few rows": lambda: with_header("<f4", (999, 0)),
    "no letters, few texts": lambda: with_header("<U0", (999,)),
    "fewer than none": lambda: with_header("<f4", (-1, 0)),
    "unusual packing": lambda: zipped("betas.npy", lying_header(), zipfile.ZIP_LZMA),
    "an array too many": lambda: packed(**{name: np.zeros(1) for name in (*data(), "more")}),
    "pickled objects": lambda: packed(betas=np.array([{}], dtype=object)),
    "complex numbers": lambda: packed(betas=np.zeros(10, complex)),
    "only betas": lambda: packed(betas=np.zeros(10)),
    "nan": lambda: packed(
        format="hmr-workbench person 1",
        body="open-smpl",
        betas=np.full(10, np.nan),
        expression=np.zeros(0),
        theta=np.zeros((24, 3)),
    ),
    "an SMPL pose flat": lambda: packed(
        format="hmr-workbench person 1",
        body="open-smpl",
        betas=np.zeros(10),
        expression=np.zeros(0),
        theta=np.zeros(72),
    ),
}


@pytest.mark.parametrize("make", BAD_FILES.values(), ids=BAD_FILES)
def test_damaged_npz_is_refused_without_unpacking_it(make):
    with pytest.raises(ValueError, match=r"person|npz|must"):
        person_state.from_npz(make(), BODIES)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_whatever_byte_of_an_npz_is_damaged_it_is_a_person_or_refused(save):
    arrays = {name: np.array(value) for name, value in person_state.to_dict(person("open-smpl")).items()}
    stream = io.BytesIO()
    save(stream, **arrays)
    whole = stream.getvalue()
    refused = 0
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        try:
            person_state.from_npz(bytes(damaged), BODIES)
        except ValueError:  # anything else would be a bug
            refused += 1
    assert refused > 0.5 * len(whole)  # but dates, for example, mean nothing


def test_a_damaged_header_inside_a_sound_zip_is_refused():
    stream = io.BytesIO()
    np.save(stream, np.zeros(7))
    for place in range(0, 128, 3):
        for byte in b"\x00'({#\n9\xff":
            damaged = bytearray(stream.getvalue())
            damaged[place] = byte
            with pytest.raises(ValueError, match=r"betas|has no"):
                person_state.from_npz(zipped("betas.npy", bytes(damaged)), BODIES)


def test_a_whole_turn_rounded_up_is_still_one():
    turned = data(theta=[[6.28319, -6.28319, 0.0]] * 55)
    assert float(person_state.from_dict(turned, BODIES).theta.max()) == pytest.approx(2 * math.pi, abs=1e-4)
    state = PersonState(
        BODIES["open-smpl"], torch.zeros(10), torch.zeros(0), torch.full((24, 3), 2 * math.pi)
    )
    assert same(person_state.from_npz(person_state.to_npz(state), BODIES), state)


def test_an_npz_of_other_number_types_is_read():
    given = person("open-smpl")
    content = packed(
        format=person_state.FORMAT,
        body="open-smpl",
        betas=given.betas.numpy().astype(np.float64),
        expression=np.zeros(0),
        theta=np.asfortranarray(given.theta.numpy()),
    )
    assert same(person_state.from_npz(content, BODIES), given)


@pytest.mark.parametrize("tag", TAGS)
def test_the_browser_reads_and_writes_the_same_links(javascript, tag):
    given = person(tag)
    config = _config()
    hash_text = "#person=" + person_state.to_link(given)
    read = javascript(
        "share.js", "m.linkedPerson(given.hash, given.config)", {"hash": hash_text, "config": config}
    )
    assert read == {k: v for k, v in person_state.to_dict(given).items() if k != "format"}
    ask = {"person": read, "config": config}
    written = javascript("share.js", "m.personLink(given.person, given.config)", ask)
    back = person_state.from_link(written.removeprefix("#person="), BODIES)
    torch.testing.assert_close(back.theta, given.theta, atol=6e-6, rtol=0)
    torch.testing.assert_close(back.betas, given.betas, atol=6e-6, rtol=0)


MESSAGES = """given.links.map((link) => {
  try { return m.linkedPerson(link, given.config) && ""; } catch (error) { return error.message; }
})"""


def test_the_browser_refuses_what_python_refuses_and_says_why(javascript):
    links = [
        "#person=" + base64.urlsafe_b64encode(json.dumps(wrong).encode()).decode().rstrip("=")
        for wrong in WRONG.values()
    ]
    links += ["#person=" + end for end in ("", "%", "e30", "AAAA", "W10", "bnVsbA", "e" * 300_000)]
    said = javascript("share.js", MESSAGES, {"links": links, "config": _config()})
    assert all(said), said


def test_other_fragments_of_an_address_are_nobody(javascript):
    assert javascript("share.js", "m.linkedPerson('#top', given)", _config()) is None


def _entry(tag: str) -> dict[str, Any]:
    body = BODIES[tag]
    betas, expressions = person_state.coefficients(body)
    return {"tag": tag, "betas": betas, "expressions": expressions, "joints": ["joint"] * body.num_joints}


def _config() -> dict[str, Any]:
    limits = {"coefficient": person_state.LARGEST_COEFFICIENT, "turn": person_state.LARGEST_TURN_RAD}
    return {"format": person_state.FORMAT, "bodies": [_entry(tag) for tag in TAGS], "limits": limits}
