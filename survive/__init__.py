"""Failure tests: what is promised of the program when things go wrong, measured on its real processes."""
