"""The plan as a workbook that people edit, and back."""
