"""What is measured. Each module has one function a scenario: a workshop in, rows and facts out."""
