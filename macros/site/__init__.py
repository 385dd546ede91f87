"""One edition of the site, from its templates to its build. What machines read is in `exports/`."""
