"""Write the tables of a month as open data, beside the workbook."""
