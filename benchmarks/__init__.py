"""How fast the program is, and how it compares: measured by one command, `python benchmarks/run.py`."""
