"""Take what identifies persons out of a workbook that will be stored and sent back.

Numbers are masked wherever the check would find them; columns declared personal are emptied, since a masked
number sent again would count as another person. Names of authors go too.
"""

from typing import Any

from openpyxl.cell import MergedCell
from openpyxl.comments import Comment

from command_center.catalog import Dataset
from command_center.cleaning import find_private, mask
from command_center.ingest.layout import SheetLayout
from command_center.ingest.readers import Sheet
from command_center.ingest.workbook.readings import NUMERIC

_SENDER = "Pengirim"
_EDGES = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")


def mask_sheet(worksheet: Any, sheet: Sheet, layout: SheetLayout | None, dataset: Dataset) -> list[str]:
    """Mask every personal number of a sheet and empty its personal columns; return the fields so emptied."""
    fields = {field.name: field for field in dataset.table.fields}
    columns = {} if layout is None else {column.position: column for column in layout.columns}
    emptied: list[str] = []
    for at in range(sheet.cells.shape[1]):
        column = columns.get(at)
        field = fields.get(column.field or "") if column is not None else None
        if field is not None and field.personal is not None and layout is not None:
            for row in layout.data:
                anchor_of(worksheet, int(row) + 1, at + 1).value = None
            emptied.append(field.name)
        cells = sheet.cells[at]
        found = find_private(
            cells,
            header=column.header if column is not None else "",
            numeric=field is not None and field.type in NUMERIC,
        )
        for row in sorted({int(row) for rows in found.notes.values() for row in rows.nonzero()[0]}):
            cell = anchor_of(worksheet, row + 1, at + 1)
            if cell.value is not None:
                cell.value, cell.data_type = found.texts.iloc[row], "s"
    return emptied


def mask_surroundings(workbook: Any, product: str) -> None:
    """Mask numbers and names beside the cells: comments, headers and footers, titles, document properties."""
    properties = workbook.properties
    properties.creator, properties.lastModifiedBy = product, None
    for name in ("title", "subject", "description", "keywords", "category"):
        setattr(properties, name, mask(getattr(properties, name) or "") or None)
    for item in workbook.custom_doc_props.props:
        if isinstance(item.value, str):
            item.value = mask(item.value)
    for worksheet in workbook.worksheets:
        for cell in commented_cells(worksheet):
            note = cell.comment
            cell.comment = Comment(mask(note.text), _SENDER, height=note.height, width=note.width)
        for edge in _EDGES:
            for part in ("left", "center", "right"):
                piece = getattr(getattr(worksheet, edge), part)
                piece.text = mask(piece.text) if piece.text else piece.text


def commented_cells(worksheet: Any) -> list[Any]:
    """Return every cell that bears a comment."""
    return [cell for row in worksheet.iter_rows() for cell in row if cell.comment is not None]


def anchor_of(worksheet: Any, row: int, column: int) -> Any:
    """Return a cell, or the first cell of the merged range it lies in."""
    cell = worksheet.cell(row, column)
    if isinstance(cell, MergedCell):
        inside = next(area for area in worksheet.merged_cells.ranges if cell.coordinate in area)
        return worksheet.cell(inside.min_row, inside.min_col)
    return cell
