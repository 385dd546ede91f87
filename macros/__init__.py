"""The SRE handbook's program: load the data, check it, render it, hand it over to MkDocs' events in hooks.py."""
