"""The columns beside the interpreter, on contracts and histories without end: `python -m tests.soak.soak`."""
