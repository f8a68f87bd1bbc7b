"""What the documents promise stands in the code, and what the code offers stands in the documents."""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer.main

from bot import app
from config.settings import Settings
from domain.intents import Intent
from handlers.table import HANDLERS
from language.understand import understand
from language.wording import COMMANDS

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 21)
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
PACKAGES = ("channels", "config", "domain", "door", "files", "handlers", "jobs", "language", "storage")


def settings() -> set[str]:
    return {f"KETNAP_{name.upper()}" for name in Settings.model_fields}


def in_table(heading: str) -> set[str]:
    """What stands in backquotes in the first column of the tables under a heading of the README."""
    part = README.split(f"\n## {heading}\n", maxsplit=1)[1].split("\n## ", maxsplit=1)[0]
    first = [line.split("|")[1] for line in part.splitlines() if line.startswith("|")]
    return {word for cell in first for word in re.findall(r"`([^`]+)`", cell)}


def test_every_setting_has_its_row_in_the_readme_and_no_row_is_made_up() -> None:
    assert in_table("Settings") == settings()


def test_every_setting_stands_in_the_example_and_nothing_else_does() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert set(re.findall(r"^#? ?(KETNAP_[A-Z_]+)=", example, flags=re.MULTILINE)) == settings()


def test_what_is_deployed_sets_nothing_that_is_no_setting() -> None:
    files = [path.read_text(encoding="utf-8") for path in (ROOT / "deploy").iterdir() if path.is_file()]

    assert set(re.findall(r"KETNAP_[A-Z_]+", "".join(files))) <= settings()


def test_every_figure_of_the_metrics_is_explained_and_no_other() -> None:
    code = (ROOT / "jobs" / "health.py").read_text(encoding="utf-8")
    totals = set(re.findall(r'"(ketnap_\w+)".*is_total=True', code))
    shown = {f"{name}_total" if name in totals else name for name in re.findall(r'"(ketnap_\w+)"', code)}
    table = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").split("\n## Health and metrics\n")[1]
    told = {name for row in table.splitlines() if row.startswith("| `") for name in re.findall(r"`(ketnap_\w+)", row)}

    assert told == shown


def test_every_command_of_the_command_line_has_its_row_in_the_readme() -> None:
    command = typer.main.get_command(app)
    offered: set[str] = set(getattr(command, "commands"))  # noqa: B009 - a group; typer's own type does not say so
    shown = {words.split()[2] for words in in_table("Command line") if words.startswith("python bot.py ")}

    assert shown == offered


def test_every_command_of_the_chat_has_its_row_in_the_readme() -> None:
    shown = {words.split()[0] for words in in_table("What one says to it")}

    assert {f"/{name}" for name, _ in COMMANDS} <= shown


def test_every_sentence_of_the_documents_is_understood() -> None:
    guide = (ROOT / "docs" / "huong-dan-bi-thu.md").read_text(encoding="utf-8")
    said = re.findall(r"^> .*", guide, flags=re.MULTILINE)
    sentences = [words for line in said for words in re.findall(r"\*\*(.+?)\*\*", line)]
    rows = [line for line in README.splitlines() if re.match(r"\| (`[/m]|–)", line)]
    sentences += [words for row in rows for words in re.findall(r"`([^`]+)`", row.split("|")[3])]
    lost = [
        words
        for words in sentences
        if any(
            wish.intent not in HANDLERS or wish.intent is Intent.OUT_OF_SCOPE for wish in understand(words, today=TODAY)
        )
    ]

    assert len(sentences) > 20
    assert lost == []


def test_every_dependency_has_its_line_in_the_readme() -> None:
    groups = PROJECT["dependency-groups"].values()
    lines = [*PROJECT["project"]["dependencies"], *(line for group in groups for line in group)]
    needed = {re.split(r"[\[<>=!~ ]", line)[0] for line in lines}

    assert in_table("How it is built") == needed


def test_the_commands_of_make_that_are_promised_are_there() -> None:
    promised = set(
        re.findall(
            r"(?:`|^)make ([a-z]+)\b",
            README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"),
            flags=re.MULTILINE,
        )
    )
    made = set(re.findall(r"^([a-z]+):", MAKEFILE, flags=re.MULTILINE))

    assert {"demo", "test"} <= promised <= made


def test_every_module_is_told_of_in_the_architecture() -> None:
    modules = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if path.stat().st_size]
    told = {path.relative_to(ROOT).as_posix() for path in modules if path.name != "__init__.py"}
    told -= {name for name in told if name.startswith("storage/migrations/versions/")}

    assert {name for name in told if f"`{name}`" not in ARCHITECTURE} == set()


def test_the_architecture_tells_of_no_module_that_is_gone() -> None:
    named = set(re.findall(rf"`((?:{'|'.join(PACKAGES)})/[a-z_/]+\.(?:py|toml))`", ARCHITECTURE))

    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_test_named_in_the_documents_is_there() -> None:
    named = [name for path in DOCUMENTS for name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", path.read_text("utf-8"))]

    assert len(named) > 80
    for path, name in named:
        assert (ROOT / path).exists(), path
        assert re.search(rf"def {name}\(", (ROOT / path).read_text(encoding="utf-8")), f"{path}::{name}"


def test_every_promise_and_every_trap_has_its_line() -> None:
    promises = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    traps = (ROOT / "docs" / "traps.md").read_text(encoding="utf-8")

    assert re.findall(r"^\| P(\d+) \|", promises, flags=re.MULTILINE) == [str(n) for n in range(1, 17)]
    assert re.findall(r"^\| (\d+) \|", traps, flags=re.MULTILINE) == [str(n) for n in range(1, 34)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_inside_the_project_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"(?:\]\(|src=\")([^)\s\"]+)", text) if not target.startswith("http")]

    for target in targets:
        path, _, anchor = target.partition("#")
        place = document.parent / path if path else document
        assert place.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", place.read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
