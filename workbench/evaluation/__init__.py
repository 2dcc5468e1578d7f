"""How good a recovery is."""
