"""HMR Workbench: from one photo to a 3D human body, method by method.

How it flows:
    photo  -> image.people finds people      -> Person (box, landmarks, mask)
    Person -> methods.<one of the systems>   -> Recovery (shape, pose, camera, every step)
    Recovery -> body.BodyModel               -> mesh and joints, derived on demand
    mesh   -> render, figures                -> overlays, 3D views, side views
    pipeline.recover is the whole program; app/, the command line and notebooks call nothing else.
"""
