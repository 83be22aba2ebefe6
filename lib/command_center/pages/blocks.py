"""Blocks of a page: markup a notebook cell shows, composed by autoescaping templates.

Every value goes through the template's escaping; only markup made by this library is trusted.
"""

import functools
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@dataclass(frozen=True, repr=False)
class Block:
    """One piece of a page; Jupyter, Voila and nbconvert show it as HTML."""

    html: Markup

    def __html__(self) -> str:
        return str(self.html)

    def __repr__(self) -> str:
        return f"<Block of {len(self.html)} characters>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": str(self.html), "text/plain": repr(self)}


def render(template: str, **values: Any) -> Block:
    """Return a block from `templates/<template>.html.j2`; an unset name raises UndefinedError."""
    return Block(Markup(_environment().get_template(f"{template}.html.j2").render(**values)))  # noqa: S704


def trusted(markup: str) -> Markup:
    """Mark markup that this library itself has built and escaped."""
    return Markup(markup)  # noqa: S704


def join(*blocks: Block) -> Block:
    """Return the blocks one after another as one."""
    return Block(Markup("\n").join(block.html for block in blocks))


def compile_templates() -> None:
    """Compile every template now, for a process that others are forked from."""
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("command_center.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
