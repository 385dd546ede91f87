"""What changes the data, as one set of changes that is checked first. Command lines are read in `commands/`."""
