"""How many faults the shapes let through: valid things, broken in every way that a shape forbids.

A mutant is a copy of a valid thing with one fault. Which faults there are follows from the shapes: for each
constraint, all that it exists to prevent. A mutant is caught when the very shape, by the very constraint,
speaks about the copy; that another rule happens to find it too does not count.
"""
