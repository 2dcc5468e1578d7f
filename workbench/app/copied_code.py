"""Python that makes the result on the page: "copy as Python"."""

from workbench.app.session import PhotoSession, Result

FROM_FILE = (
    "from workbench.body import load_body",
    "from workbench.results import read_recovery",
    "",
    'recovery, metrics = read_recovery("recovery.json")',
    "mesh = recovery.mesh(load_body())",
    "print(recovery.params.betas, recovery.camera.tz_m, mesh.vertices_m.shape)",
)
"""For results that were saved earlier."""
ALWAYS = {
    "from workbench.body import load_body",
    "from workbench.methods import load_method",
    "from workbench.pipeline import recover, with_focal",
}
DEPTH = {"from workbench.image.depth import load_depth, with_depth"}
SOLVE = {"from workbench.solver.of_recovery import with_solved_camera"}
SCENE = {
    "from dataclasses import replace",
    "from workbench.evaluation.sets import SETS, sample_of",
    "from workbench.synth.sets import make_scene",
}


def code(session: PhotoSession, place: int) -> str:
    """Python that makes the same result."""
    if not session.code_focal or session.photo is None:
        return "\n".join(FROM_FILE)
    result = session.results[place]
    imports = {*ALWAYS, "from workbench.image import load_photo"}
    photo = [f"photo = load_photo({session.photo.source!r})"]
    if session.scene_code:
        imports, photo = ALWAYS | SCENE, list(session.scene_code)
    if session.depth_code:
        imports |= DEPTH
        photo.append(session.depth_code)
    who, needed = _person(session, result)
    imports |= needed
    solving = []
    if result.solved:
        imports |= SOLVE
        tz = "" if result.solved.tz_m is None else f", tz_m={result.solved.tz_m}"
        solving = [f"recovery = with_solved_camera(recovery, load_body(), photo{tz})"]
    return "\n".join(
        [
            *sorted(imports, key=lambda line: (line.startswith("from workbench"), line)),
            "",
            *photo,
            f"person = {who}  # person {result.guest + 1} on the page",
            f"photo, focal_source = {session.code_focal}",
            f'recovery = recover(photo, load_method("{result.recovery.method}"), [person])[0]',
            *solving,
            "mesh = recovery.mesh(load_body())  # add recovery.camera.t_camera_body_m for the camera's frame",
            "print(recovery.params.betas, recovery.camera.tz_m, mesh.vertices_m.shape)",
        ]
    )


def _person(session: PhotoSession, result: Result) -> tuple[str, set[str]]:
    """Python that gives the person of a result, and what it imports."""
    if result.drawn:
        box = [round(v, 1) for v in result.recovery.person.box_px.tolist()]
        needed = {"import torch", "from workbench.image.people import default_finder"}
        return f"default_finder().describe(photo, torch.tensor({box}))", needed
    if result.found is None:  # came with a saved recovery
        return 'read_recovery("recovery.json")[0].person', {"from workbench.results import read_recovery"}
    if session.people_of_scene:
        return f"sample.people[{result.found}]", set()
    return f"find_people(photo)[{result.found}]", {"from workbench.image.people import find_people"}
