"""Each import contract is kept by the program as it is, and broken by an import that it forbids."""

import copy
from typing import Any, Final

import grimp
import pytest
from importlinter import Contract
from importlinter.application import use_cases
from importlinter.application.user_options import UserOptions
from importlinter.configuration import configure
from importlinter.domain.contract import registry

configure()
OPTIONS: Final[UserOptions] = use_cases.read_user_options("pyproject.toml")
use_cases._register_contract_types(OPTIONS)  # noqa: SLF001 - what the command does before it checks
CONTRACTS: Final = {options["name"]: options for options in OPTIONS.contracts_options}


# Contract, and an import that it must refuse: who imports what.
FORBIDDEN: Final = [
    ("imports go down only", "app.services.setup.catalogue", "app.routers.tickets"),
    ("imports go down only", "app.ids", "app.db"),
    ("services are layered", "app.services.ledger.append", "app.services.tickets"),
    ("services are layered", "app.services.tickets.actions", "app.services.grids"),
    ("services are imported by their faces", "app.routers.tickets", "app.services.tickets.actions"),
    ("services are imported by their faces", "app.services.grids.cut", "app.services.tickets.lists.inbox"),
    (
        "services are imported by their faces",
        "app.services.tickets.actions",
        "app.services.tickets.lists.inbox",
    ),
    ("rules reach no framework", "app.rules.sla", "pydantic"),
    ("only the top floor knows HTTP", "app.services.tickets.actions", "fastapi"),
    ("who may use the ledger", "app.services.organisations.organisations", "app.services.ledger"),
    ("who may use the ledger", "app.routers.tickets", "app.services.ledger"),
]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """The imports of the program."""
    return grimp.build_graph("app", include_external_packages=True, cache_dir=None)


def checked(name: str, graph: grimp.ImportGraph) -> bool:
    """Tell whether a contract of pyproject.toml is kept by `graph`."""
    options: dict[str, Any] = dict(CONTRACTS[name])
    kind: type[Contract] = registry.get_contract_class(options.pop("type"))
    contract = kind(
        name=options.pop("name"), session_options=OPTIONS.session_options, contract_options=options
    )
    return bool(contract.check(graph=graph, verbose=False).kept)


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_program_keeps_its_contracts(name: str, graph: grimp.ImportGraph) -> None:
    assert checked(name, copy.deepcopy(graph))


@pytest.mark.parametrize(("name", "importer", "imported"), FORBIDDEN)
def test_a_contract_refuses(name: str, importer: str, imported: str, graph: grimp.ImportGraph) -> None:
    broken = copy.deepcopy(graph)
    for module in (importer, imported):
        assert module in broken.modules, module
    broken.add_import(importer=importer, imported=imported)
    assert not checked(name, broken)


def test_every_contract_is_seen_to_refuse_something() -> None:
    assert {name for name, _, _ in FORBIDDEN} == set(CONTRACTS)
