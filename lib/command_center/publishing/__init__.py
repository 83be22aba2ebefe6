"""From a notebook to a finished page: papermill executes it, Voila's exporter renders it.

Decides nothing about figures and stores nothing; what it makes goes into an edition.
"""

from command_center.publishing.plan import PagePlan, pages_of_edition, plan_page, sector_shown, shows_figures
from command_center.publishing.publish import PublishedPage, publish_pages, render_page, view_environment
from command_center.publishing.renderer import TEMPLATE_NAME, render_notebook
from command_center.publishing.workshop import Workshop

__all__ = [
    "TEMPLATE_NAME",
    "PagePlan",
    "PublishedPage",
    "Workshop",
    "pages_of_edition",
    "plan_page",
    "publish_pages",
    "render_notebook",
    "render_page",
    "sector_shown",
    "shows_figures",
    "view_environment",
]
