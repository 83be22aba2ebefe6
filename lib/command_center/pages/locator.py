"""A small map that shows where a region lies and leads to its neighbours and parts."""

from markupsafe import Markup

from command_center.charts import figure_html
from command_center.maps.draw import choropleth
from command_center.pages.blocks import trusted
from command_center.pages.context import PageContext


def locator_map(context: PageContext) -> Markup:
    """Return the map of the regions below this one, or of its siblings for a village; all are links."""
    regions, region = context.house.regions, context.region
    parent = region if regions.children(region.code) else regions.get(region.parent or region.code)
    level = "kec" if parent.parent is None else "desa"
    listed = [child.code for child in regions.children(parent.code)]
    shapes = context.shapes[level]
    figure = choropleth(
        shapes[shapes["code"].isin(listed)],
        None,
        locale=context.locale,
        title=context.locale.t("Map of {region}", region=context.region_name(parent.code)),
        links={code: context.link(context.address.in_region(code)) for code in listed},
        focus=region.code if region is not parent else None,
        is_approximate=level in context.approximate_levels,
    )
    return trusted(figure_html(figure, context.locale))
