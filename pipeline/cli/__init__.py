"""The command line: turns words into calls of `pipeline.run`, and results into lines."""
