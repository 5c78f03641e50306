"""Figures: what is counted, as data; the folds from events to courses, and from courses to the rows of a figure."""
