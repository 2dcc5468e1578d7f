"""HMR Workbench: from one photo to a 3D human body, method by method.

How it flows:
    photo  -> image.people finds people      -> Person (box, landmarks, mask)
    Person -> methods.<one of the systems>   -> Recovery (shape, pose, camera, every step)
    Recovery -> body.BodyModel               -> mesh and joints, derived on demand
    mesh   -> render, figures                -> overlays, 3D views, side views
    pipeline.recover goes all the way. The app, the command line and notebooks are built on it; what else they
    need they take from the same stations: image.load_photo and the finders, evaluation.picture for a score,
    render for pictures, results for files.
"""
