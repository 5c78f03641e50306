"""HTTP in, HTTP out, a few lines a handler."""
