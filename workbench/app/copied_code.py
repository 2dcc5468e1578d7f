"""Python that makes the result on the page: "copy as Python"."""

from workbench.app.session import PhotoSession

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
    if result.drawn:
        box = [round(v, 1) for v in result.recovery.person.box_px.tolist()]
        imports |= {"import torch", "from workbench.image.people import default_finder"}
        who = f"default_finder().describe(photo, torch.tensor({box}))"
    else:
        people = "sample.people" if session.people_of_scene else "find_people(photo)"
        imports |= set() if session.people_of_scene else {"from workbench.image.people import find_people"}
        who = f"{people}[{result.guest}]  # person {result.guest + 1}"
    return "\n".join(
        [
            *sorted(imports, key=lambda line: (line.startswith("from workbench"), line)),
            "",
            *photo,
            f"person = {who}",
            f"photo, focal_source = {session.code_focal}",
            f'recovery = recover(photo, load_method("{result.recovery.method}"), [person])[0]',
            "mesh = recovery.mesh(load_body())  # add recovery.camera.t_camera_body_m for the camera's frame",
            "print(recovery.params.betas, recovery.camera.tz_m, mesh.vertices_m.shape)",
        ]
    )
