"""Paths of units as text: `/1/5/17/` runs from the root to the unit, and a subtree is one range of them."""

from collections.abc import Iterable

from sqlalchemy import Column, ColumnElement


def as_text(path: Iterable[int]) -> str:
    return "/" + "".join(f"{unit_id}/" for unit_id in path)


def as_ids(path: str) -> tuple[int, ...]:
    return tuple(int(part) for part in path.split("/") if part)


def below(column: Column[str], path: str) -> ColumnElement[bool]:
    """Whether the column's path is this one or under it; `0` is the character after `/`."""
    return (column >= path) & (column < path[:-1] + "0")
