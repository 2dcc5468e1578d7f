"""What a lab shows and how it is undone."""

SETUP = "((clock, store) => %s)(given, m.createStore({a: 0, b: 0}, () => given.time))"


def test_changes_are_undone_and_redone_in_order(javascript):
    steps = (
        "[store.set({a: 1}), store.set({b: 2}), store.undo(), store.get(), store.undo(), store.get(), "
        "store.canUndo(), store.redo(), store.redo(), store.get(), store.canRedo()]"
    )
    got = javascript("store.js", SETUP % steps, {"time": 0})
    assert got[3] == {"a": 1, "b": 0} and got[5] == {"a": 0, "b": 0} and got[6] is False
    assert got[9] == {"a": 1, "b": 2} and got[10] is False


def test_a_drag_is_one_step_and_a_later_one_another(javascript):
    steps = (
        "[1, 2, 3].forEach((a) => { clock.time += 500; store.set({a}, {key: 'a'}); }) ?? "
        "(clock.time += 5000, store.set({a: 9}, {key: 'a'}), store.undo(), "
        "[store.get().a, store.undo(), store.get().a, store.canUndo()])"
    )
    got = javascript("store.js", SETUP % steps, {"time": 0})
    assert got[0] == 3 and got[2] == 0 and got[3] is False


def test_a_change_after_an_undo_forgets_what_was_undone_and_is_a_step_of_its_own(javascript):
    steps = (
        "(store.set({a: 1}, {key: 'a'}), store.undo(), store.set({a: 5}, {key: 'a'}), "
        "[store.canRedo(), store.undo(), store.get().a])"
    )
    got = javascript("store.js", SETUP % steps, {"time": 0})
    assert got[0] is False and got[2] == 0


def test_what_follows_from_a_step_is_undone_with_it(javascript):
    steps = (
        "(store.set({a: 1}), store.amend({b: 1}), "
        "[store.get(), store.undo(), store.get(), store.canUndo(), store.redo(), store.get()])"
    )
    got = javascript("store.js", SETUP % steps, {"time": 0})
    assert got[0] == got[5] == {"a": 1, "b": 1} and got[2] == {"a": 0, "b": 0} and got[3] is False


def test_a_new_beginning_cannot_be_undone(javascript):
    steps = (
        "(store.set({a: 1}), store.set({a: 2}), store.undo(), store.restart({a: 7}), "
        "[store.get(), store.canUndo(), store.canRedo(), store.set({a: 8}), store.undo(), store.get().a])"
    )
    got = javascript("store.js", SETUP % steps, {"time": 0})
    assert got[:3] == [{"a": 7, "b": 0}, False, False] and got[5] == 7


def test_listeners_hear_both_values_until_they_leave_and_nothing_of_a_change_that_is_none(javascript):
    steps = (
        "((heard) => ((leave) => (store.set({a: 0}), store.set({a: 1}), leave(), store.set({a: 2}), heard))"
        "(store.subscribe((now, before) => heard.push([now.a, before.a]))))([])"
    )
    assert javascript("store.js", SETUP % steps, {"time": 0}) == [[1, 0]]


def test_labs_of_a_page_share_a_store_and_other_pages_have_their_own(javascript):
    page = (
        "((page) => [m.pageStore({a: 1}, page) === m.pageStore({a: 2}, page), m.pageStore({}, {}).get()])({})"
    )
    assert javascript("store.js", page) == [True, {}]
