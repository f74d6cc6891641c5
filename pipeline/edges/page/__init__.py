"""The leaders' page as an HTML file."""
