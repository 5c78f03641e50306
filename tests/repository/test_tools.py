"""The tools of this repository: what no commit may bring, and which tests a change asks for."""

from pathlib import Path

import pytest

from tools import changed_tests, staged_files, test_needs


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN " + "PRIVATE KEY-----",
        "-----BEGIN EC " + "PRIVATE KEY-----",
        "key = 'AKIA" + "A" * 16 + "'",
        "token: ghp_" + "a1" * 18,
        "whsec_" + "Ab1/" * 8,
        "eyJhbGciOiJIUzUz" + ".eyJzdWIiOiIxMjM." + "c" * 30,
        "LOUDENG_SECRET=" + "0" * 32,
    ],
)
def test_what_looks_like_a_secret_is_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "file"
    file.write_text(f"first\n{line}\n")
    assert staged_files.main("secrets", str(file)) == 1
    file.write_text(f"first\n{line}  # not a secret\n")
    assert staged_files.main("secrets", str(file)) == 0


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(bytes(staged_files.LARGEST))
    assert staged_files.main("size", str(file)) == 0
    file.write_bytes(bytes(staged_files.LARGEST + 1))
    assert staged_files.main("size", str(file)) == 1


TESTS = [
    Path("tests/api/tickets/test_merging.py"),
    Path("tests/api/posts/test_posts.py"),
    Path("tests/rules/test_merging.py"),
    Path("tests/worker/tickets/test_timers.py"),
]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ("app/services/tickets/merging.py", [0, 2, 3]),
        ("app/rules/merging.py", [0, 2]),
        ("app/routers/posts.py", [1]),
        ("app/services/posts/__init__.py", [1]),
        ("tests/api/posts/test_posts.py", [1]),
        ("tests/world.py", []),
        ("app/db.py", []),
        ("README.md", []),
    ],
)
def test_a_change_asks_for_the_tests_that_bear_its_name(changed: str, found: list[int]) -> None:
    assert [*changed_tests.tests_of(Path(changed), TESTS)] == [TESTS[n] for n in found]


@pytest.mark.parametrize(
    ("files", "targets"),
    [
        ({"tests/rules/test_phones.py"}, []),
        ({"tests/e2e/test_processes.py", "tests/api/contract/test_health.py"}, []),
        ({"tests/e2e/test_partner.py"}, ["java"]),
        ({"tests/e2e/test_nginx.py"}, ["nginx"]),
        ({"tests/web/test_desk.py"}, ["web", "browser"]),
        ({"tests/web/test_desk.py", "tests/e2e/test_partner.py"}, ["web", "browser", "java"]),
    ],
)
def test_only_what_the_chosen_tests_need_is_installed(files: set[str], targets: list[str]) -> None:
    assert test_needs.needs(files) == targets


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        (["tests/rules/test_phones.py"], {"tests/rules/test_phones.py"}),
        (
            ["tests/rules", "tests/architecture", "-k", "only_the_ledger"],
            {"tests/architecture/test_writers.py"},
        ),
        (["tests/nowhere"], set()),
    ],
)
def test_the_chosen_tests_are_those_pytest_would_run(arguments: list[str], files: set[str]) -> None:
    assert test_needs.chosen(arguments) == files
