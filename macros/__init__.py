"""The SRE handbook's program: load the data, check it, render it, hand it over.

Here mkdocs-macros meets it: `define_env` publishes the macros to Markdown pages, and `seal` takes all else away.
"""

import gc
import os
from typing import Any

# What is loaded stays: to look for garbage as often as Python does takes a third of the time.
gc.set_threshold(200_000, 50, 50)
# A plugin that is installed beside pydantic has no say in what data is right; to look for one takes time, too.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def define_env(env: Any) -> None:
    """Publish `page_macros.MACROS` to the pages (mkdocs-macros calls this once a build).

    `hooks.on_config` has put the edition into the configuration, and has checked the calls of all pages.
    """
    from macros.site import page_macros

    edition = env.conf.extra["edition"]
    for name, macro in page_macros.bound_macros(lambda: page_macros.Author(edition, env.page.url)).items():
        env.macro(macro, name)


def seal(env: Any) -> None:
    """Let pages be rendered by `PageEnvironment`, in the place of the environment that mkdocs-macros has made.

    It would write down its variables next, and these are all pages and files. Raises `RuntimeError` where mkdocs-macros
    doesn't take the environment.
    """
    from macros.site import page_macros

    own = page_macros.PageEnvironment({name: env.macros[name] for name in page_macros.MACROS})
    env._env = own
    env.variables.clear()
    if env.env is not own:
        raise RuntimeError("this version of mkdocs-macros keeps its environment elsewhere: pages could run any code")
