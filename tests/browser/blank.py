"""A page with the labs' modules and nothing else: no app, no network."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, ViewportSize

from workbench.figures.files import STATIC

ADDRESS = "http://labs.test/"
PAGE = "<!doctype html><html><head>{styles}</head><body style='margin: 0'><div id='here'></div></body></html>"


@contextmanager
def blank_page(
    browser: Browser, size: ViewportSize, density: float = 1.0, errors_fail: bool = True
) -> Iterator[Page]:
    """The page; "/name.js" are its modules. What goes wrong on it fails the test, if wished."""
    context = browser.new_context(viewport=size, device_scale_factor=density)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.route(f"{ADDRESS}**", _answer)
    page.goto(ADDRESS)
    yield page
    context.close()
    assert errors == [] or not errors_fail, errors


def _answer(route: Route) -> None:
    name = Path(route.request.url.removeprefix(ADDRESS)).name
    if not name:
        links = "".join(f'<link rel="stylesheet" href="/{css.name}">' for css in sorted(STATIC.glob("*.css")))
        route.fulfill(content_type="text/html", body=PAGE.format(styles=links))
    elif (STATIC / name).is_file():
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        route.fulfill(content_type=kind, body=(STATIC / name).read_text())
    else:
        route.fulfill(status=204)
