"""The monthly report: sentences and appendices, built from the tables of the workbook."""
