"""Read foreign workbooks, whatever wrote them, without coming to harm."""
