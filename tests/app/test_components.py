"""Python functions answer pages in words."""

from pathlib import Path

import pytest

from workbench.app.components import answering, lab
from workbench.app.models import PageBodies
from workbench.weights import WeightsMissing


def test_an_answer_arrives_as_it_is():
    def add(a, b):
        return a + b

    assert answering(add)([1, 2]) == {"answer": 3}
    assert answering(add).__name__ == "add"


@pytest.mark.parametrize("kind", [ValueError, WeightsMissing])
def test_what_the_visitor_can_mend_is_said(kind):
    def refuse():
        raise kind("betas must be 10 numbers")

    assert answering(refuse)([]) == {"error": "betas must be 10 numbers"}


def test_other_failures_are_logged_and_tell_no_secrets(caplog):
    def fail():
        raise KeyError("a folder of the secret kind")

    answer = answering(fail)([])
    assert "KeyError" in answer["error"] and "secret" not in answer["error"]
    assert "secret" in caplog.text


def test_a_lab_has_its_configuration_and_functions():
    def save(state):
        return state

    made = lab("Body", {"person": {"body": "open-smpl"}}, "body-lab", [save])
    script = str(made.js_on_load)
    assert "createBodyLab" in script and '{"person": {"body": "open-smpl"}}' in script
    assert made.value is None and callable(made.save)


def test_pages_get_addresses_of_packed_bodies():
    bodies = PageBodies(loopback=False)
    assert {function.__name__ for function in bodies.functions} == {"body_file", "body_mesh", "skin_stages"}
    address = bodies.body_file("open-smpl")
    assert bodies.body_file("open-smpl") == address
    packed = Path(address.removeprefix("gradio_api/file=")).read_bytes()
    assert packed == bodies.packed("open-smpl")
