"""One file per tab: components and wiring only."""
