"""A panel: a few controls and the block they change, alive with a kernel and readable without one.

One class serves both lives of a page. The finished page shows its still HTML (native controls that
wake the kernel); a kernel shows the same controls as ipywidgets. The body comes from one function.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import ipywidgets

from command_center.pages.blocks import Block, render

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
        self._widgets = {control.name: self._widget(control) for control in controls(self.filters)}
        self._is_following = False
        bar = ipywidgets.HBox(list(self._widgets.values()))
        bar.add_class("cc-controls")
        super().__init__(children=[bar, self._html])
        self.add_class("cc-panel")

    def choose(self, name: str, value: str) -> None:
        """Set one filter and show what follows from it."""
        if self._is_following or self.filters.get(name, "") == value:
            return
        self.filters[name] = value
        self._block = self._body(self.filters)
        self._html.value = str(self._block.html)
        self._follow()

    def _follow(self) -> None:
        """Let the controls offer what fits the choice; the widgets stay, so the reader keeps the focus."""
        self._is_following = True
        try:
            for control in self._controls(self.filters):
                widget = self._widgets[control.name]
                if control.kind == "choice":
                    offered = [(label, value) for value, label in control.options]
                    if list(widget.options) != offered:
                        widget.options = offered
                widget.value = control.value
                self.filters[control.name] = control.value
        finally:
            self._is_following = False

    def _widget(self, control: Control) -> ipywidgets.Widget:
        options: dict[str, Any] = {
            "value": control.value,
            "description": control.label,
            "layout": ipywidgets.Layout(width="auto"),
            "style": {"description_width": "initial"},
        }
        if control.kind == "number":
            # Text, not a number field: an empty one means "no threshold", and Indonesians type a decimal comma.
            widget = ipywidgets.Text(continuous_update=False, **options)
        else:
            widget = ipywidgets.Dropdown(
                options=[(label, value) for value, label in control.options], **options
            )
        widget.add_class(f"cc-control-{control.name}")
        widget.observe(lambda change: self.choose(control.name, change["new"]), names="value")
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
