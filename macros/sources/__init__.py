"""Files as they are written, and whether they have their kind's shape. What they mean together is the handbook's."""
