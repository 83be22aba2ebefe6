"""A panel: one body function for the finished page and for the live one."""

from markupsafe import escape
from selectolax.lexbor import LexborHTMLParser

from command_center.pages.blocks import Block, trusted
from command_center.pages.panel import Control, Filters, Panel

WORDS = {"starting": "…", "connecting": "…", "ready": "", "failed": "!", "full": "Full", "group": "Choose"}
SIZES = {"cat": ("1", "2"), "dog": ("7", "8", "9")}


def controls(filters: Filters) -> tuple[Control, ...]:
    sizes = SIZES[filters["animal"]]
    return (
        Control("animal", "Animal", filters["animal"], (("cat", "Cat"), ("dog", "Dog")), initial="cat"),
        Control(
            "size",
            "Size",
            filters["size"] if filters["size"] in sizes else sizes[0],
            tuple((size, size) for size in sizes),
            initial="1",
        ),
        Control("note", "Note", filters["note"], kind="number"),
    )


def body(filters: Filters) -> Block:
    return Block(trusted(f"<p>{escape(' '.join(filters.values()))}</p>"))


def make(**filters: str) -> Panel:
    return Panel(controls, body, {"animal": "cat", "size": "1", "note": ""} | filters, WORDS)


def still(panel: Panel) -> LexborHTMLParser:
    return LexborHTMLParser(str(panel.still().html))


def live_body(panel: Panel) -> str:
    return str(panel.children[1].value)


def widget(panel: Panel, name: str):
    return next(one for one in panel.children[0].children if f"cc-control-{name}" in one._dom_classes)


def test_choosing_changes_the_live_body_and_the_still_one_alike() -> None:
    panel = make()
    assert "cat 1" in live_body(panel)
    panel.choose("note", "5")
    assert "cat 1 5" in live_body(panel)
    assert live_body(panel) in still(panel).css_first(".cc-panel__body").html


def test_a_widget_used_by_the_reader_does_the_same() -> None:
    panel = make()
    widget(panel, "note").value = "3,5"
    assert panel.filters["note"] == "3,5"
    assert "3,5" in live_body(panel)


def test_controls_follow_the_choice_and_stay_the_same_widgets() -> None:
    panel = make(size="2")
    before = list(panel.children[0].children)
    widget(panel, "animal").value = "dog"
    assert list(panel.children[0].children) == before
    assert [value for _, value in widget(panel, "size").options] == ["7", "8", "9"]
    assert (widget(panel, "size").value, panel.filters["size"]) == ("7", "7")


def test_the_still_panel_shows_the_same_controls_and_choices_as_the_live_one() -> None:
    panel = make(animal="dog", size="8", note="4")
    tree = still(panel)
    assert [one.attributes["data-filter"] for one in tree.css("[data-filter]")] == ["animal", "size", "note"]
    chosen = {
        node.parent.attributes["data-filter"]: node.attributes["value"]
        for node in tree.css("option[selected]")
    }
    assert chosen == {"animal": "dog", "size": "8"}
    assert tree.css_first("input").attributes["value"] == "4"
    assert {name: widget(panel, name).value for name in ("animal", "size", "note")} == {
        "animal": "dog",
        "size": "8",
        "note": "4",
    }


def test_a_notebook_gets_both_the_widget_and_the_still_html() -> None:
    data = make()._repr_mimebundle_()
    data = data[0] if isinstance(data, tuple) else data
    assert {"application/vnd.jupyter.widget-view+json", "text/html"} <= set(data)
    assert "cc-panel" in data["text/html"]


def test_a_choice_that_changes_nothing_asks_for_nothing() -> None:
    asked: list[Filters] = []

    def counted(filters: Filters) -> Block:
        asked.append(dict(filters))
        return body(filters)

    panel = Panel(controls, counted, {"animal": "cat", "size": "1", "note": ""}, WORDS)
    panel.choose("animal", "cat")
    assert len(asked) == 1
