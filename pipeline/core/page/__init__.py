"""The leaders' page: one page that answers at a glance, built from the tables of the workbook."""
