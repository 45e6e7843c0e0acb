"""Plugins of the library's server that act when somebody changes a scene."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from syncapp.demo.library import Library

SCENE_UPDATED = "Scene.Update.Post"
# The mutations after which they run, once for each scene that is named.
HOOKED = frozenset({"sceneUpdate", "scenesUpdate", "bulkSceneUpdate"})


@dataclass(frozen=True, slots=True)
class PluginHook:
    """A plugin that runs after each update of a scene, before that is answered.

    Put it into `library.hooks`. `act` gets the library and the scene's id, and may
    edit; others may be answered while the plugin takes its time.
    """

    name: str
    act: Callable[[Library, int], object]
    takes_s: float = 0.5  # as a program of its own takes
    enabled: bool = True

    def told(self) -> dict[str, Any]:
        """Return it as `Query.plugins` tells it."""
        hooks = [{"name": "After a change", "hooks": [SCENE_UPDATED]}]
        known = self.name.casefold()
        return {
            "id": known,
            "name": self.name,
            "enabled": self.enabled,
            "hooks": hooks,
        }


def run_hooks(library: Library, scenes: tuple[int, ...]) -> None:
    """Run all plugins for each of these scenes that is there."""
    for number in scenes:
        for hook in library.hooks:
            if hook.enabled:
                time.sleep(hook.takes_s)
                hook.act(library, number)
