"""The labels of a trend: at the end of each line what it is, at its points as many values as fit.

Places text only; nothing is moved so far from its line that it could be taken for another's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from command_center.charts import marks, notation
from command_center.charts.notation import FONT_SIZE, SMALL_FONT_SIZE
from command_center.charts.render import Frame, Layer, Record
from command_center.charts.series import Point, Series, TrendContent
from command_center.locale import parse_period
from command_center.theme import colours

LABEL_GAP, LABEL_OVERHANG = 9.0, 10.0
_GUTTER_FROM = 3  # from so many lines on, their ends are too near each other for labels beside them
_ALL_LABELLED = 7
_LINE_HEIGHT = 15.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class EndLabel:
    """The direct label of a line: a bold value and what it is the value of, beside the line's last point.

    With many lines it stands in the gutter instead, and `leader` is the point a thin stroke leads to.
    """

    x: float
    y: float
    lines: tuple[str, ...]
    colour: str
    bold: bool = True
    leader: tuple[float, float] | None = None

    @property
    def height(self) -> float:
        return _LINE_HEIGHT * len(self.lines) + 6

    @property
    def width(self) -> float:
        sizes = (
            FONT_SIZE * 1.06 if self.bold else SMALL_FONT_SIZE,
            *[SMALL_FONT_SIZE] * (len(self.lines) - 1),
        )
        return max(notation.text_width(line, size) for line, size in zip(self.lines, sizes, strict=True))


def end_labels(content: TrendContent, frame: Frame, room: float) -> list[EndLabel]:
    """Return the labels of lines, last year and target, pushed apart; texts wrap at `room` pixels."""
    labels: list[EndLabel] = []
    for number, series in enumerate(content.series):
        if not series.known:
            continue
        last = series.known[-1]
        said = (content.quantity(last), *notation.wrapped(series.label, room, SMALL_FONT_SIZE))
        if last.is_forecast:
            said = (*said, content.locale.t("forecast"))
        value = last.value or 0.0
        if sum(bool(one.known) for one in content.series) < _GUTTER_FROM:
            labels.append(EndLabel(last.position, value, said, colours.METHODS[number]))
        else:
            end = (last.position, value)
            labels.append(EndLabel(frame.x_high, value, said, colours.METHODS[number], leader=end))
    for series in content.last_year:
        if series.known:
            last = series.known[-1]
            year = str(parse_period(last.period).year)
            labels.append(EndLabel(last.position, last.value or 0.0, (year,), colours.NO_DATA, bold=False))
    if content.targets:
        target = content.targets[-1]
        # A target that holds throughout reaches the edge; a plan ends where it ends.
        is_level = len({point.value for point in content.targets}) == 1
        place = frame.x_high if is_level else target.position
        text = content.target_label()
        lines = tuple(notation.wrapped(text, room, SMALL_FONT_SIZE))
        labels.append(EndLabel(place, target.value or 0.0, lines, colours.TARGET, bold=False))
    centres = notation.spread(
        [frame.y_pixel(label.y) for label in labels],
        [label.height for label in labels],
        -LABEL_OVERHANG,
        frame.height + LABEL_OVERHANG,
    )
    return [
        EndLabel(label.x, frame.y_value(centre), label.lines, label.colour, label.bold, label.leader)
        for label, centre in zip(labels, centres, strict=True)
    ]


def end_layers(frame: Frame, ends: Sequence[EndLabel]) -> Iterator[Layer]:
    """Yield the layers of the labels at the ends of lines."""
    leaders = [
        {"x": end.leader[0], "y": end.leader[1], "x2": end.x, "y2": end.y, "colour": colours.LINE_STRONG}
        for end in ends
        if end.leader is not None
    ]
    if leaders:
        # Dotted and grey: it leads the eye and is no figure.
        yield marks.rules(leaders, width=1, dash=(1, 3))
    strong: list[Record] = []
    plain: list[Record] = []
    for end in ends:
        top = frame.y_pixel(end.y) - _LINE_HEIGHT * (len(end.lines) - 1) / 2
        for number, line in enumerate(end.lines):
            record = {
                "x": end.x,
                "y": frame.y_value(top + _LINE_HEIGHT * number),
                "text": line,
                "colour": end.colour,
            }
            (strong if end.bold and number == 0 else plain).append(record)
    if strong:
        yield marks.labels(strong, dx=LABEL_GAP, bold=True, halo=True)
    if plain:
        yield marks.labels(plain, dx=LABEL_GAP, size=SMALL_FONT_SIZE, halo=True)


def point_labels(content: TrendContent, frame: Frame, ends: Sequence[EndLabel]) -> Iterator[Layer]:
    """Yield layers with the values at points: all of a short line, else its first, lowest and highest, where free."""
    taken = [_end_box(frame, end) for end in ends]
    taken += [_dot_box(frame, point) for series in content.series for point in series.known]
    above: list[Record] = []
    below: list[Record] = []
    for number, series in enumerate(content.series):
        for point in _labelled(series):
            text = content.figure(point)
            x = frame.x_value(_text_centre(frame, point, text))
            record = {"x": x, "y": point.value, "text": text, "colour": colours.METHODS[number]}
            sides = ((below, 1), (above, -1)) if _is_valley(series, point) else ((above, -1), (below, 1))
            for side, direction in sides:
                box = _text_box(frame, point, text, direction)
                if _inside(frame, box) and not any(_overlap(box, other) for other in taken):
                    taken.append(box)
                    side.append(record)
                    break
    if above:
        yield marks.labels(above, align="center", dy=-13, size=SMALL_FONT_SIZE, halo=True)
    if below:
        yield marks.labels(below, align="center", dy=13, size=SMALL_FONT_SIZE, halo=True)


def _labelled(series: Series) -> list[Point]:
    """The points that want a label, the most telling first; the last has its own at the end of the line."""
    known = series.known[:-1]
    if not known:
        return []
    ranked = sorted(known, key=lambda point: point.value or 0.0)
    telling = [known[0], ranked[0], ranked[-1]]
    rest = known if len(known) < _ALL_LABELLED else ()
    return list(dict.fromkeys([*telling, *rest]))


def _is_valley(series: Series, point: Point) -> bool:
    known = series.known
    index = known.index(point)
    around = [p.value or 0.0 for p in known[max(index - 1, 0) : index + 2] if p is not point]
    return (point.value or 0.0) < sum(around) / len(around)


def _text_box(frame: Frame, point: Point, text: str, direction: int) -> Box:
    half = notation.text_width(text, SMALL_FONT_SIZE) / 2 + 2
    x, y = _text_centre(frame, point, text), frame.y_pixel(point.value or 0.0) + 13 * direction
    return x - half, y - 7, x + half, y + 7


def _text_centre(frame: Frame, point: Point, text: str) -> float:
    """Over the point, but never on the numbers of the axis."""
    return max(frame.x_pixel(point.position), notation.text_width(text, SMALL_FONT_SIZE) / 2)


def _dot_box(frame: Frame, point: Point) -> Box:
    x, y = frame.x_pixel(point.position), frame.y_pixel(point.value or 0.0)
    return x - 4, y - 4, x + 4, y + 4


def _end_box(frame: Frame, end: EndLabel) -> Box:
    x, y = frame.x_pixel(end.x) + LABEL_GAP, frame.y_pixel(end.y)
    return x, y - end.height / 2, x + end.width, y + end.height / 2


def _inside(frame: Frame, box: Box) -> bool:
    left, top, right, bottom = box
    return (
        left >= -frame.left
        and top >= -frame.top
        and right <= frame.width + frame.right
        and bottom <= frame.height
    )


def _overlap(first: Box, second: Box) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]
