"""Writes what is measured of the reading into `docs/language.md`; what stands around it is written by hand."""

from pathlib import Path

from tests.language.measure import rows, table, tables, verdicts
from tests.language.variants import VARIANTS, Robustness, robustness

PAGE = Path(__file__).parents[2] / "docs" / "language.md"
PARTS = ("measured", "variants", "mutations")


def page(part: str, measured: str, before: str) -> str:
    """The document with one measured part anew."""
    begin, end = f"<!-- {part} -->", f"<!-- /{part} -->"
    head, _, rest = before.partition(begin)
    _, _, tail = rest.partition(end)
    return f"{head}{begin}\n\n{measured}\n\n{end}{tail}"


def write(part: str, measured: str) -> None:
    PAGE.write_text(page(part, measured, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def variants_table(found: Robustness) -> str:
    lines = [[name, f"{found.share_of(name):.1%}", str(found.events_of(name) or "–")] for name in VARIANTS]
    every = ["all", f"{found.share:.1%}", str(sum(found.events_of(name) for name in VARIANTS) or "–")]
    return table(["of each message of the test part", "read the same", "another event"], [*lines, every])


def main() -> None:
    test = rows("test")
    write("measured", tables(verdicts(test)))
    write("variants", variants_table(robustness(test)))


if __name__ == "__main__":
    main()
