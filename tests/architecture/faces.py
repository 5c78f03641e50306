"""An import contract: a package inside a container is imported by others through its `__init__`, its face, only."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Faces(Contract):
    """No module outside a package imports a file of it. A package inside it has a face of its own.

    `container`: the package whose packages are checked, however deep they lie.
    """

    type_name = "faces"
    container = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 - import-linter's signature
        """Return every import that reaches past a face."""
        found = sorted(
            (importer, imported)
            for imported in graph.find_descendants(str(self.container))
            if self._is_file(graph, imported)
            for importer in graph.find_modules_that_directly_import(imported)
            if not f"{importer}.".startswith(f"{_package(imported)}.")
        )
        return ContractCheck(kept=not found, metadata={"found": found})

    def _is_file(self, graph: ImportGraph, module: str) -> bool:
        """Tell whether a module is a file of a package below the container."""
        return _package(module) != str(self.container) and not graph.find_children(module)

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import and the face to use instead."""
        for importer, imported in check.metadata["found"]:
            output.print_error(f"{importer} imports {imported}; import it from {_package(imported)}")


def _package(module: str) -> str:
    return module.rpartition(".")[0]
