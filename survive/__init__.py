"""What is promised of the program when things go wrong, measured on its processes."""
