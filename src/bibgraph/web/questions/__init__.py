"""The ready questions on the web."""
