"""The import contracts of pyproject.toml, each seen to break: a contract that cannot fail protects nothing."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
SETTINGS: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
PACKAGES: list[str] = SETTINGS["root_packages"]
CONTRACTS: list[dict[str, Any]] = SETTINGS["contracts"]


@dataclass(frozen=True, slots=True)
class Breach:
    """One forbidden import of one module, and the contract that must notice it."""

    contract: str
    module: str
    imported: str


BREACHES = (
    Breach("layers", "domain.sample", "language.sample"),
    Breach("layers", "language.sample", "storage.sample"),
    Breach("layers", "storage.deep.sample", "handlers.sample"),
    Breach("layers", "storage.sample", "channels.sample"),
    Breach("layers", "channels.sample", "storage.sample"),
    Breach("layers", "files.sample", "storage.sample"),
    Breach("layers", "handlers.sample", "jobs.sample"),
    Breach("layers", "jobs.sample", "handlers.sample"),
    Breach("layers", "handlers.sample", "door.sample"),
    Breach("bot", "door.sample", "bot"),
    Breach("config-reader", "handlers.sample", "config.sample"),
    Breach("config-needs", "config.sample", "storage.sample"),
    Breach("storage-words", "storage.sample", "language.sample"),
    Breach("telegram-alone", "channels.telegram", "channels.trial"),
    Breach("trial-alone", "channels.trial", "channels.telegram_markup"),
    Breach("zalo-alone", "channels.zalo_polling", "channels.telegram_account"),
    Breach("pure", "domain.sample", "logging"),
    Breach("pure", "language.sample", "asyncio"),
    Breach("standard-library", "domain.sample", "rapidfuzz"),
    Breach("sql", "handlers.sample", "sqlalchemy"),
    Breach("network", "jobs.sample", "httpx"),
    Breach("network", "storage.sample", "socket"),
    Breach("telegram", "door.sample", "telegram"),
    Breach("holidays", "jobs.sample", "holidays"),
    Breach("scheduler", "handlers.sample", "apscheduler"),
    Breach("workbooks", "handlers.sample", "xlsxwriter"),
)


def lint(tree: Path, *, breaches: Iterable[Breach] = ()) -> subprocess.CompletedProcess[str]:
    """import-linter's word on a tree of the same packages, one small module each, that holds the given breaches."""
    shutil.copy(ROOT / "pyproject.toml", tree)
    modules = {"bot", *(f"{package}.sample" for package in PACKAGES), *(breach.module for breach in BREACHES)}
    modules |= {name for contract in CONTRACTS for name in contract.get("source_modules", ()) if "." in name}
    for module in modules:
        path = tree.joinpath(*module.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"import {b.imported}\n" for b in breaches if b.module == module), encoding="utf-8")
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said under each contract's name about a tree that holds every breach at once."""
    result = lint(tmp_path_factory.mktemp("broken"), breaches=BREACHES)
    assert result.returncode == 1, result.stdout + result.stderr
    _, broken = result.stdout.split("Broken contracts", maxsplit=1)
    names = "|".join(re.escape(contract["name"]) for contract in CONTRACTS)
    parts = re.split(rf"^({names})\n-+$", broken, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_a_tree_without_forbidden_imports_keeps_every_contract(tmp_path: Path) -> None:
    result = lint(tmp_path)

    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{len(CONTRACTS)} kept, 0 broken" in result.stdout


@pytest.mark.parametrize("breach", BREACHES, ids=lambda b: f"{b.contract}: {b.module}, {b.imported}")
def test_a_forbidden_import_breaks_its_contract(breach: Breach, complaints: dict[str, str]) -> None:
    [name] = [contract["name"] for contract in CONTRACTS if contract["id"] == breach.contract]

    assert f"{breach.module} -> {breach.imported} " in complaints[name]


def test_every_contract_is_among_those_seen_to_break() -> None:
    assert {contract["id"] for contract in CONTRACTS} == {breach.contract for breach in BREACHES}


def test_every_package_of_the_tree_stands_under_the_contracts() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/*.py") if not path.parent.name.startswith(".")}

    assert folders - {"bench", "docs", "tests"} <= set(PACKAGES)


def test_every_module_of_a_channel_is_a_stranger_to_the_other_channels() -> None:
    """`telegram_markup.py` belongs to Telegram; what begins with no channel's name belongs to all of them."""
    alone = {contract["id"]: contract["source_modules"] for contract in CONTRACTS if contract["id"].endswith("-alone")}
    shared = {"channel", "outside", "pace", "parts", "redact", "standing"}
    for path in (ROOT / "channels").glob("*.py"):
        if path.stem not in shared:
            assert f"channels.{path.stem}" in alone[f"{path.stem.split('_')[0]}-alone"]
