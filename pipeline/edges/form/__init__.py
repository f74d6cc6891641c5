"""Write the form that a unit fills, blank or with what has to be mended."""
