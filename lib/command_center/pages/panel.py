"""A panel: a few controls and the block they change, alive with a kernel and readable without one.

One class serves both lives of a page. The finished page shows its still HTML (native controls that
wake the kernel); a kernel shows the same controls as ipywidgets. The body comes from one function.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import ipywidgets

from command_center.pages.blocks import Block, render, trusted

# Filters of a panel, by name; all values are text, as they stand in a query string.
Filters = dict[str, str]


@dataclass(frozen=True)
class Control:
    """One control: a choice among options, or a number."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...] = ()  # (value, label)
    kind: Literal["choice", "number"] = "choice"
    step: float = 1.0
    initial: str = ""


class Panel(ipywidgets.VBox):  # type: ignore[misc]
    """Controls above a block; a change of any control asks `body` for the block anew."""

    def __init__(
        self,
        controls: Callable[[Filters], tuple[Control, ...]],
        body: Callable[[Filters], Block],
        filters: Mapping[str, str],
        words: Mapping[str, str],
    ) -> None:
        """Show `body(filters)`; `controls(filters)` says which controls fit the current choice."""
        self._controls = controls
        self._body = body
        self._words = dict(words)
        self.filters: Filters = dict(filters)
        self._block = body(self.filters)
        self._html = ipywidgets.HTML(value=str(self._block.html))
        self._html.add_class("cc-panel__body")
        self._bar = ipywidgets.HBox()
        self._bar.add_class("cc-controls")
        super().__init__(children=[self._bar, self._html])
        self.add_class("cc-panel")
        self._show_controls()

    def choose(self, name: str, value: str) -> None:
        """Set one filter and show what follows from it."""
        if self.filters.get(name, "") == value:
            return
        self.filters[name] = value
        self._block = self._body(self.filters)
        self._html.value = str(self._block.html)
        self._show_controls()

    def _show_controls(self) -> None:
        self._bar.children = [self._widget(control) for control in self._controls(self.filters)]

    def _widget(self, control: Control) -> ipywidgets.Widget:
        layout = ipywidgets.Layout(width="auto")
        style = {"description_width": "initial"}
        if control.kind == "number":
            widget = ipywidgets.FloatText(
                value=float(control.value or "nan"),
                step=control.step,
                description=control.label,
                layout=layout,
                style=style,
            )
            if not control.value:
                widget = ipywidgets.Text(value="", description=control.label, layout=layout, style=style)
            widget.continuous_update = False
        else:
            widget = ipywidgets.Dropdown(
                options=[(label, value) for value, label in control.options],
                value=control.value,
                description=control.label,
                layout=layout,
                style=style,
            )
        widget.add_class(f"cc-control-{control.name}")
        widget.observe(lambda change: self.choose(control.name, _as_text(change["new"])), names="value")
        return widget

    def still(self) -> Block:
        """Return the panel as it stands, as HTML without a kernel."""
        return render(
            "panel", controls=self._controls(self.filters), body=self._block.html, words=self._words
        )

    def _repr_mimebundle_(self, *args: Any, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(*args, **kwargs)
        if bundle is None:
            return bundle
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        data["text/html"] = str(self.still().html)
        return bundle


def _as_text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


__all__ = ["Control", "Filters", "Panel", "trusted"]
