"""The monthly report as a Word document: fills the template, and makes a PDF of it."""
