"""Writing the workbook in which a plan is edited."""
