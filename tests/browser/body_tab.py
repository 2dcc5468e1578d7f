"""What the tests of the Body tab have in common: its page, and the person on it."""

import torch
from playwright.sync_api import Page

from workbench.body.joints import SMPL_JOINTS
from workbench.body.known import known_bodies
from workbench.figures import person_state
from workbench.figures.person_state import PersonState

LAB = ".hmr-body-lab"
HOOK = f"document.querySelector('{LAB}').lab"
SCENE = "#body-scene"
SAID = "#body-said"


def drawn(page: Page) -> None:
    """Wait until what is shown is the newest person and look."""
    page.wait_for_function(f"() => {HOOK}.drawn()")


def vertices(page: Page) -> torch.Tensor:
    """The person as drawn."""
    drawn(page)
    return torch.tensor(page.evaluate(f"Array.from({HOOK}.vertices())")).reshape(3, -1).T


def person(page: Page) -> PersonState:
    """Whom the sliders show."""
    data = page.evaluate(f"{HOOK}.store.get()")
    return person_state.from_dict({"format": person_state.FORMAT, **data}, known_bodies())


def give(page: Page, state: PersonState) -> None:
    """Show another person."""
    data = {key: value for key, value in person_state.to_dict(state).items() if key != "format"}
    page.evaluate(f"person => {HOOK}.store.set(person)", data)


def random_person(tag: str, spread_rad: float = 0.4) -> PersonState:
    """Anybody in any pose."""
    rest = person_state.rest(known_bodies()[tag])
    betas, expression = (torch.randn_like(part).clamp(-2, 2) for part in (rest.betas, rest.expression))
    theta = (spread_rad * torch.randn_like(rest.theta)).clamp(-3, 3)
    return PersonState(rest.body, betas, expression, theta)


def distance_m(page: Page, state: PersonState) -> float:
    """Of the drawn vertices from Python's, at most."""
    return float((vertices(page) - state.mesh().vertices_m).norm(dim=1).max())


def number(page: Page, slider: str, value: float) -> None:
    """Type a slider's number."""
    box = page.locator(f"#{slider} input[type=number]")
    box.fill(f"{value:g}")
    box.press("Tab")


def pick(page: Page, id_: str, text: str) -> None:
    """Choose from a list."""
    page.locator(f"#{id_} select").select_option(text)


RESTED = f"""() => {{
  const text = location.hash.slice("#person=".length).replaceAll("-", "+").replaceAll("_", "/");
  const close = (one, other) => one.flat().every((value, n) => Math.abs(value - other.flat()[n]) < 1e-4);
  const now = {HOOK}.store.get();
  const linked = text && JSON.parse(atob(text));
  return linked && close(now.betas, linked.betas) && close(now.theta, linked.theta);
}}"""


def rested(page: Page) -> None:
    """Wait until the page's address holds the person, which it does when the sliders rest."""
    page.wait_for_function(RESTED)


FIRST = {
    "joint": SMPL_JOINTS.index("left_shoulder"),
    "stage": "skinned",
    "coloring": "plain",
    "kept": None,
}
AFRESH = f"""([person, look]) => {{
  {HOOK}.store.set(person);
  {HOOK}.view.set(look);
  document.querySelectorAll("{LAB} details").forEach((part) => {{ part.open = false; }});
  document.querySelector("#body-way input").click();
  document.querySelector("{SAID}").textContent = "";
  scrollTo(0, 0);
}}"""


def afresh(page: Page) -> None:
    """The tab as it is at first, but for the person's history."""
    first = person_state.to_dict(person_state.rest(known_bodies()["open-smpl"]))
    first.pop("format")
    page.evaluate(AFRESH, [first, FIRST])
    drawn(page)
