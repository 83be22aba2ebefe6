"""GeoJSON, GeoPackage and zipped shapefiles: attributes as cells, the shape as well-known text in WGS 84.

Reads from memory; geometry is carried as it is, never mended.
"""

import io
import warnings
from typing import Any

import pandas as pd

from command_center.ingest.readers.grid import Sheet, typed_sheet
from command_center.ingest.readers.guards import corrupt

GEOMETRY = "geometry"
_WGS84 = 4326
_DECIMALS = 6


def read_layers(content: bytes, name: str) -> tuple[tuple[Sheet, ...], tuple[tuple[str, str], ...]]:
    """Return one sheet per layer, and notes: crs_missing where a layer does not say its coordinate system.

    Raises IngestError for a file that holds no readable layer.
    """
    # Imported here: geopandas takes half a second that files without shapes need not pay.
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        with warnings.catch_warnings():
            # In memory a GeoPackage has no file name for its extension to be looked at.
            warnings.filterwarnings("ignore", "File .* has GPKG application_id", RuntimeWarning)
            layers = [
                (str(layer), pyogrio.read_dataframe(io.BytesIO(content), layer=layer))
                for layer, _ in pyogrio.list_layers(io.BytesIO(content))
            ]
    except (DataSourceError, DataLayerError) as error:
        raise corrupt(name, "no layer of shapes can be read") from error
    sheets = tuple(_sheet(frame, layer) for layer, frame in layers)
    unplaced = [layer for layer, frame in layers if GEOMETRY in frame and frame.crs is None]
    return sheets, tuple(("crs_missing", layer) for layer in unplaced)


def _sheet(frame: Any, layer: str) -> Sheet:
    if GEOMETRY in frame:
        if frame.crs is not None and frame.crs.to_epsg() != _WGS84:
            frame = frame.to_crs(_WGS84)
        shapes = frame.geometry.to_wkt(rounding_precision=_DECIMALS)
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name)).assign(**{GEOMETRY: shapes})
    rows = [[_plain(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    return typed_sheet(layer, [list(frame.columns), *rows])


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value.item() if hasattr(value, "item") else value
