"""What a submission is read as when it may be a workbook of ours: blank filled in, or returned and corrected.

The bytes are never changed, so hash, rows and addresses stay those of the file that was sent.
"""

from command_center.catalog import Dataset
from command_center.ingest.layout import SheetLayout, find_layout
from command_center.ingest.readers import Sheet, read_file
from command_center.ingest.refusals import IngestError
from command_center.ingest.workbook.identity import as_laid_out, read_identity
from command_center.ingest.workbook.order import METHOD_FIELD, PERIOD_FIELD


def as_received(dataset: Dataset, content: bytes, name: str = "") -> Dataset:
    """Return the dataset with which `check_file` must read this file.

    Of a workbook of ours, summary, instructions, codes and last period's figures are left aside; any other
    file leaves the dataset as it is. Raises IngestError: other_dataset for the official workbook of another
    dataset, no_rows for one that nobody filled in.
    """
    identity = read_identity(content)
    if identity is None:
        return dataset
    if identity.dataset not in ("", dataset.id):
        raise IngestError(
            "other_dataset",
            f"The file is the official workbook of {identity.target}, not of {dataset.id}",
            where=name,
            next_step=f"send it under its own name: command-center ingest FILE --dataset {identity.target}",
        )
    laid_out = as_laid_out(dataset, content)
    if identity.dataset and not _is_filled(content, name, laid_out):
        raise IngestError(
            "no_rows",
            "The official workbook came back as it was handed out: no cell for a figure is filled in",
            where=name,
            next_step=f"fill in the white cells of the sheet {', '.join(identity.sheets)}, then send it again",
        )
    return laid_out


def _is_filled(content: bytes, name: str, dataset: Dataset) -> bool:
    """Whether any cell is filled that the blank leaves to the sender; True where the table cannot be found."""
    found = [
        (sheet, layout)
        for sheet in read_file(content, name).sheets
        if sheet.name in dataset.layout.sheets and (layout := find_layout(sheet, dataset)) is not None
    ]
    return not found or any(_has_figures(sheet, layout, dataset) for sheet, layout in found)


def _has_figures(sheet: Sheet, layout: SheetLayout, dataset: Dataset) -> bool:
    source = dataset.layout.region_from
    given = {*dataset.table.primaryKey, PERIOD_FIELD, METHOD_FIELD}
    given |= {source.field, source.name, source.within or ""} if source is not None else set()
    asked = [one.position for one in layout.columns if one.field is not None and one.field not in given]
    return any(sheet.cells[at].iloc[layout.data].notna().any() for at in asked)
