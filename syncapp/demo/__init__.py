"""A small Stash-compatible server over an invented library: to try and to test."""

from syncapp.demo.holdings import KINDS
from syncapp.demo.hooks import PluginHook
from syncapp.demo.library import Library, LibraryError
from syncapp.demo.mutation_log import Mutated
from syncapp.demo.server import DemoServer, PortUnavailable

__all__ = [
    "KINDS",
    "DemoServer",
    "Library",
    "LibraryError",
    "Mutated",
    "PluginHook",
    "PortUnavailable",
]
