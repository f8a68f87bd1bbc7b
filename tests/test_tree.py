"""What the tree promises and no linter knows: where words stand, and what files are called."""

import ast
import re
import unicodedata
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("channels", "config", "domain", "door", "files", "handlers", "jobs", "language", "storage")
MODULES = sorted([ROOT / "bot.py", *(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))])

INVENTED = {"files/trial.py"}
"""The trial's offices, with people and places that need their Vietnamese names."""

SUPPRESSED = re.compile(r"# (?:noqa|pyright: ignore|type: ignore)(.*)")
WHY = re.compile(r"(: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)*|\[[a-zA-Z-]+\])  ?[#-] \w.*")

OUR_NAME = "Sổ Kết nạp"

VIETNAMESE = re.compile("[ăđơư]|[aeiouy][\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323]", re.IGNORECASE)
SQL = re.compile(r"\b(SELECT .+ FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE)\b")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def words(path: Path) -> list[tuple[int, str]]:
    """Every string of a module that the program uses: docstrings are for readers and stay out."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = None
    constants = [node for node in nodes if isinstance(node, ast.Constant)]
    return [(node.lineno, node.value) for node in constants if isinstance(node.value, str)]


def offenders(pattern: re.Pattern[str], *, outside: str) -> list[str]:
    return [
        f"{named(path)}:{row} {text[:60]}"
        for path in MODULES
        if not path.is_relative_to(ROOT / outside) and named(path) not in INVENTED
        for row, text in words(path)
        if pattern.search(unicodedata.normalize("NFD", text.replace(OUR_NAME, "")))
    ]


def test_every_vietnamese_word_stands_in_language() -> None:
    assert offenders(VIETNAMESE, outside="language") == []


def test_every_sql_word_stands_in_storage() -> None:
    assert offenders(SQL, outside="storage") == []


def test_a_file_is_called_by_what_it_holds() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}

    assert [named(path) for path in MODULES if empty & set(path.stem.split("_"))] == []


def test_every_rule_that_is_suppressed_says_why() -> None:
    theirs = ROOT / "tests" / "platforms"
    others = (path for folder in ("bench", "docs", "tests") for path in (ROOT / folder).rglob("*.py"))
    assert [
        f"{named(path)}:{number} {found[0]}"
        for path in (*MODULES, *(path for path in others if not path.is_relative_to(theirs)))
        for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := SUPPRESSED.search(row)) and path != Path(__file__) and not WHY.fullmatch(found[1])
    ] == []
