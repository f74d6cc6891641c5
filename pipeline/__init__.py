"""The monthly reporting pipeline of a commune: templates out, figures in, one workbook up."""
