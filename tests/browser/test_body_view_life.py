"""The 3D view over its life: nothing leaks, lost surfaces come back, failures are said in words."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.blank import blank_page
from tests.browser.world_page import CAMERA, PLOT, SIZE, open_view, opened, rest

pytestmark = pytest.mark.browser


COUNT = """() => {
  window.made = { contexts: 0, listeners: 0 };
  const getContext = HTMLCanvasElement.prototype.getContext;
  const known = new WeakSet();
  HTMLCanvasElement.prototype.getContext = function (...given) {
    const context = getContext.apply(this, given);
    if (context && String(given[0]).startsWith("webgl") && !known.has(context)) {
      known.add(context);
      made.contexts += 1;
    }
    return context;
  };
  for (const [name, step] of [["addEventListener", 1], ["removeEventListener", -1]]) {
    const original = EventTarget.prototype[name];
    EventTarget.prototype[name] = function (...given) {
      made.listeners += step;
      return original.apply(this, given);
    };
  }
}"""


def test_two_hundred_changes_make_no_contexts_and_no_listeners(view: Page):
    opened(view, "open-smpl")
    view.evaluate("async (person) => view.set(await worldOf(body, person))", rest("open-smpl"))
    view.evaluate(COUNT)
    view.evaluate(
        """async (person) => {
          const theta = person.theta.map((row) => [...row]);
          for (let n = 0; n < 200; n++) {
            theta[n % 24] = [0.3 * Math.sin(n), 0.2, 0];
            const values = { of: body.weightsOf(n % 24), low: 0, high: 1, title: "weight" };
            await view.set(await worldOf(body, { ...person, betas: [n / 100], theta }, { values }));
          }
        }""",
        rest("open-smpl"),
    )
    assert view.evaluate("made.contexts") == 0
    assert view.evaluate("made.listeners") <= 40  # what one change of the scene's form adds, not 200 of them
    assert view.locator("canvas").count() <= 2


TWO = """async (person) => {
  const one = (await worldOf(body, person, { name: "one" })).bodies[0];
  await view.set({ bodies: [one, { ...one, name: "two", shift: [1, 0, 0] }], floor: true });
}"""
ON_TOP = f"""() => {{
  const {{ traces, glplot }} = {PLOT}._fullLayout.scene._scene;
  const parts = {PLOT}._fullData.flatMap(({{ uid, meta }}) => [traces[uid].linePlot, traces[uid].scatterPlot]
    .filter(Boolean).map((part) => [part, meta === "on top"]));
  const wanted = parts.filter(([, top]) => top).map(([part]) => part);
  return {{
    patched: parts.every(([part, top]) => Object.hasOwn(part, "draw") === top),
    last: glplot.objects.slice(glplot.objects.length - wanted.length).every((part) => wanted.includes(part)),
    skeletons: {PLOT}.data.filter(({{ mode, meta }}) => mode === "markers" && meta).length,
    picked: glplot.objects.filter(({{ pickSlots }}) => pickSlots).length,
    all: glplot.objects.length,
  }};
}}"""


def toggle_skeleton(page: Page, skeletons: int) -> dict:
    page.get_by_label("Skeleton").click()
    markers = f"{PLOT}.data.filter(({{ mode }}) => mode === 'markers').length"
    page.wait_for_function(f"{markers} === {skeletons}")
    return page.evaluate(ON_TOP)


def test_only_a_skeleton_is_drawn_over_its_body_and_names_answer_after_it_is_gone(view: Page):
    opened(view, "open-smpl")
    view.evaluate(TWO, rest("open-smpl"))
    for _ in range(2):
        shown = toggle_skeleton(view, 2)
        assert shown["patched"] and shown["last"] and shown["skeletons"] == 2 and shown["picked"] == 0
        hidden = toggle_skeleton(view, 0)
        assert hidden["patched"] and hidden["picked"] == hidden["all"] > 0


def test_a_skeleton_stays_over_a_body_that_gets_other_colours(skeleton_view: Page):
    opened(skeleton_view, "open-smpl")
    skeleton_view.evaluate(
        """async (person) => {
          await view.set(await worldOf(body, person));
          const values = { of: body.weightsOf(2), low: 0, high: 1, title: "weight" };
          await view.set(await worldOf(body, person, { values }));
        }""",
        rest("open-smpl"),
    )
    seen = skeleton_view.evaluate(ON_TOP)
    assert seen["last"] and seen["patched"]


def test_a_disposed_view_leaves_nothing(view: Page):
    opened(view, "open-smpl")
    view.evaluate("async (person) => view.set(await worldOf(body, person))", rest("open-smpl"))
    lost = view.evaluate(
        """async () => {
          const canvases = [...document.querySelectorAll("canvas")];
          const contexts = canvases.map((canvas) => canvas.getContext("webgl"));
          view.dispose();
          await view.set({ bodies: [], floor: true });
          return contexts.filter(Boolean).map((context) => context.isContextLost());
        }"""
    )
    assert lost and all(lost)
    assert view.evaluate("holder.children.length") == 0


def test_a_view_fits_its_frame_after_it_changed_while_drawing(view: Page):
    opened(view, "open-smpl")
    person = rest("open-smpl")
    view.evaluate("async (person) => view.set(await worldOf(body, person))", person)
    for width in (500, 700):
        view.evaluate(
            """async ([person, width]) => {
              const values = { of: body.weightsOf(2), low: 0, high: 1, title: "weight" };
              holder.style.width = `${width}px`;
              await view.set(await worldOf(body, person, width === 500 ? { values } : {}));
            }""",
            [person, width],
        )
        view.wait_for_function(
            """width => {
              const shown = document.querySelector(".hmr-plot canvas").getBoundingClientRect().width;
              return shown > width - 30 && shown <= width;
            }""",
            arg=width,
        )
        assert view.locator(".hmr-note").inner_text() == ""


def test_a_lost_surface_is_drawn_again(browser: Browser):
    # A frame of Plotly's own between the loss and the news of it may fail to compile a shader.
    with blank_page(browser, SIZE, errors_fail=False) as view:
        open_view(view)
        opened(view, "open-smpl")
        show = "async (person) => view.set(await worldOf(body, person))"
        view.evaluate(show, rest("open-smpl"))
        view.get_by_role("button", name="Side").click()
        eye = view.evaluate(CAMERA)
        view.evaluate(
            f"{PLOT}._fullLayout.scene._scene.glplot.gl.getExtension('WEBGL_lose_context').loseContext()"
        )
        view.wait_for_function("document.querySelector('.hmr-note').textContent.includes('stopped')")
        view.evaluate(show, rest("open-smpl"))
        assert view.evaluate(CAMERA) == pytest.approx(eye, abs=1e-6)
        assert view.locator(".hmr-note").inner_text() == ""
        assert not view.evaluate(f"{PLOT}._fullLayout.scene._scene.glplot.gl.isContextLost()")


def test_a_failure_takes_names_away_and_keeps_the_view(skeleton_view: Page):
    opened(skeleton_view, "open-smpl")
    show = "async (person) => view.set(await worldOf(body, person, { selected: 18 }))"
    skeleton_view.evaluate(show, rest("open-smpl"))
    skeleton_view.get_by_role("button", name="Top").click()
    eye = skeleton_view.evaluate(CAMERA)
    skeleton_view.evaluate("view.set({ bodies: [{ topology: 'unknown' }] })")
    assert "could not be drawn" in skeleton_view.locator(".hmr-note").inner_text()
    assert skeleton_view.locator(".hmr-name").count() == 0
    skeleton_view.evaluate(show, rest("open-smpl"))
    assert skeleton_view.locator(".hmr-note").inner_text() == ""
    assert skeleton_view.locator(".hmr-name").count() == 1
    assert skeleton_view.evaluate(CAMERA) == pytest.approx(eye, abs=1e-6)


def test_a_browser_without_webgl_gets_words(browser: Browser):
    with blank_page(browser, SIZE) as page:
        page.evaluate(
            """() => {
              const original = HTMLCanvasElement.prototype.getContext;
              HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
                return kind.includes("webgl") ? null : original.call(this, kind, ...more);
              };
            }"""
        )
        open_view(page)
        opened(page, "open-smpl")
        page.evaluate("async (person) => view.set(await worldOf(body, person))", rest("open-smpl"))
        assert "no WebGL" in page.locator(".hmr-plot").inner_text()


def test_a_real_browser_without_webgl_gets_words(browser: Browser, chromium_path: str):
    arguments = ["--disable-gpu", "--disable-3d-apis", "--no-sandbox"]
    chromium = browser.browser_type.launch(executable_path=chromium_path, args=arguments)
    with blank_page(chromium, SIZE) as page:
        open_view(page)
        page.evaluate("view.set({ bodies: [], floor: true })")
        assert "no WebGL" in page.locator(".hmr-plot").inner_text()
    chromium.close()


def test_what_python_refuses_is_said(view: Page):
    opened(view, "open-smpl", served=True)
    said = view.evaluate(
        "() => body.pose({ betas: [], expression: [], theta: [] }).then(() => '', (error) => error.message)"
    )
    assert "24" in said
