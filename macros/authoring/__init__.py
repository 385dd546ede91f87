"""How something is begun and edited by people. Nothing here changes a file of the data."""
