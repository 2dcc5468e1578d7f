"""The body: SMPL-format models, staged and stateless; read from files, posed, written as meshes."""

from workbench.body.files import load_body, open_body
from workbench.body.mesh import Mesh
from workbench.body.model import BodyModel
from workbench.body.raw import BodyFileError
from workbench.body.stages import Posed, Shaped
from workbench.body.topology import require_topology

__all__ = [
    "BodyFileError",
    "BodyModel",
    "Mesh",
    "Posed",
    "Shaped",
    "load_body",
    "open_body",
    "require_topology",
]
