"""The notebooks that live pages are made from, as Voila asks for them."""

from jupyter_server.services.contents.largefilemanager import LargeFileManager
from nbformat import NotebookNode


class HouseNotebooks(LargeFileManager):
    """Trusts the notebooks of the house without a signature.

    A signature tells whose stored outputs may run script. These are the house's own code, come without outputs,
    and are executed anew; a store of signatures in the home of whoever serves would say nothing about them.
    """

    def mark_trusted_cells(self, nb: NotebookNode, path: str = "") -> None:
        """Mark every cell as trusted."""
        self.notary.mark_cells(nb, True)  # type: ignore[no-untyped-call]
