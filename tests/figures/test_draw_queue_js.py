"""What a view is asked to draw is drawn in the end, whatever went wrong before."""

from tests.figures.conftest import JavaScript

ASK = """await (async ({ bad, worlds }) => {
  const seen = { drawn: [], failed: [] };
  const queue = m.createDrawQueue({
    misfit: () => false,
    fit: async () => {},
    failed: (error) => seen.failed.push(error.message),
    draw: async (world) => {
      await null;
      if (bad.includes(world)) throw new Error(world);
      seen.drawn.push(world);
    },
  });
  await Promise.all(worlds.map((world) => queue.set(world)));
  await new Promise((done) => setTimeout(done));
  return seen;
})(given)"""


def test_of_several_worlds_the_newest_is_drawn(javascript: JavaScript):
    seen = javascript("draw_queue.js", ASK, {"bad": [], "worlds": ["a", "b", "c"]})
    assert seen == {"drawn": ["a", "c"], "failed": []}


def test_a_world_asked_for_while_another_fails_is_drawn(javascript: JavaScript):
    seen = javascript("draw_queue.js", ASK, {"bad": ["a"], "worlds": ["a", "b"]})
    assert seen == {"drawn": ["b"], "failed": ["a"]}
