"""Voila's exporter with our template, for notebooks that papermill has already executed.

The template asks its context for a kernel and for executed cells; a finished page answers with no
kernel and with the cells as they are. One renderer: the live server uses the same template.
"""

import asyncio
import copy
import functools
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from jinja2 import TemplateError
from nbformat import NotebookNode
from voila.exporter import VoilaExporter
from voila.paths import collect_template_paths

from command_center.errors import PublishingError

TEMPLATE_NAME = "command_center"
JUPYTER_PATH = "JUPYTER_PATH"


def render_notebook(executed: NotebookNode, *, jupyter_path: str, title: str, language: str) -> str:
    """Return the finished page of an executed notebook as HTML; the notebook is not changed.

    Raises PublishingError where an output cannot be turned into a page.
    """
    notebook = copy.deepcopy(executed)
    notebook.metadata.update(title=title, language=language)
    try:
        # On a thread of its own: whoever calls from a notebook has a loop running in this one.
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="render") as thread:
            return thread.submit(asyncio.run, _render(_exporter(jupyter_path), notebook)).result()
    except TemplateError as error:
        raise PublishingError(
            f"The executed notebook could not be rendered: {error}",
            where=title,
            who="the developer of the notebook",
            next_step="look at the outputs of its cells in JupyterLab",
        ) from error


async def _render(exporter: VoilaExporter, notebook: NotebookNode) -> str:
    context = {
        "frontend": "voila",
        "main_js": "voila.js",
        "progressive_rendering": False,
        "kernel_start": _no_kernel,
        "cell_generator": _cells_as_they_are,
        "notebook_execute": _already_executed,
    }
    resources = {
        "base_url": exporter.base_url,
        "theme": "light",
        "template": TEMPLATE_NAME,
        "metadata": {"name": notebook.metadata["title"]},
        "page_config": {},
    }
    parts = exporter.generate_from_notebook_node(notebook, resources=resources, extra_context=context)
    return "".join([html async for html, _ in parts])


def _no_kernel(_notebook: NotebookNode) -> str:
    return ""


def _cells_as_they_are(notebook: NotebookNode, _kernel_id: str) -> Iterable[NotebookNode]:
    cells: Iterable[NotebookNode] = notebook.cells
    return cells


def _already_executed(_notebook: NotebookNode, _kernel_id: str) -> None:
    return None


@functools.cache
def _exporter(jupyter_path: str) -> VoilaExporter:
    # Voila finds templates under JUPYTER_PATH; it is set here for whoever calls us without it.
    os.environ.setdefault(JUPYTER_PATH, jupyter_path)
    options: dict[str, Any] = {
        "template_paths": collect_template_paths(["voila", "nbconvert"], TEMPLATE_NAME, prune=True),
        "template_name": TEMPLATE_NAME,
        "theme": "light",
        "base_url": "/",
        "exclude_input": True,
        "exclude_input_prompt": True,
        "exclude_output_prompt": True,
    }
    return VoilaExporter(**options)
