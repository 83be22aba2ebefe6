"""The `command-center` command. Parses, calls one function of the library, and tells the result."""

from command_center.cli.app import app, main

__all__ = ["app", "main"]
