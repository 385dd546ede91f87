"""The graph of everything, derived once and never changed. What isn't done is in `gaps/`, how it looks in `site/`."""
