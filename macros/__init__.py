"""The SRE handbook's program: load the data, check it, render it, hand it over to MkDocs' events in hooks.py."""

import gc
import os

# What is loaded stays: to look for garbage as often as Python does takes a third of the time.
gc.set_threshold(200_000, 50, 50)
# A plugin that is installed beside pydantic has no say in what data is right; to look for one takes time, too.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
