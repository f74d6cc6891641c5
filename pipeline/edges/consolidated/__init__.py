"""Write the consolidated workbook."""
