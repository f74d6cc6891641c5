"""Where the program lies, and the key under which a command notes where it works."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
WORKSPACE = "workspace"
