"""The table of faults found by use stays true: each mend stands once in its file, and the tests that show it are there."""

import re
from typing import Final

import pytest

from tools.break_once import TOP, Mend, mends

MENDS: Final = mends()


@pytest.mark.parametrize("mend", MENDS, ids=[f"{mend['row']}-{mend['file']}" for mend in MENDS])
def test_a_mend_stands_once_in_its_file(mend: Mend) -> None:
    """So that `tools/break_once.py` can take it out."""
    assert (TOP / mend["file"]).read_text("utf-8").count(mend["mend"]) == 1, mend["mend"]
    assert mend["mend"] != mend["instead"]


@pytest.mark.parametrize("test", sorted({test for mend in MENDS for test in mend["tests"].split()}))
def test_a_test_of_the_table_is_there(test: str) -> None:
    file, _, name = test.partition("::")
    assert re.search(rf"^(async )?def {name}\(", (TOP / file).read_text("utf-8"), re.MULTILINE)
