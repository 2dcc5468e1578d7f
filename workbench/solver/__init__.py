"""The camera of a posed body, solved from the person's mask: focal length and shift for a given distance."""
