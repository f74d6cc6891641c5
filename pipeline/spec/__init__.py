"""Data files of `schemas/` turned into frozen objects; refuses what is not well formed."""
