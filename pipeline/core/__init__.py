"""The decisions: read a form, check it, merge, score. Pure: no file, clock or database."""
