"""Other ids and other teams for what the data has, with everything that refers to it."""
