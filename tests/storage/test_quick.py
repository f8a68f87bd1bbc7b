"""The short way to the database brings what the library's way brings."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import BigInteger, Connection, bindparam, delete, func, insert, select, update

from domain.refusals import Conflict
from storage.database import Database
from storage.tables import members, meta, questions, signs, units
from storage.writing import Writer
from tests.storage.small_office import NOW, SmallOffice

MANY = bindparam("ids", expanding=True, type_=BigInteger)
BY_IDS = select(units, func.length(units.c.name).label("letters")).where(units.c.id.in_(MANY)).order_by(units.c.id)
BRANCHES = (
    select(units.c.id)
    .where(
        units.c.kind.in_(("branch", "grassroots")),
        units.c.id.in_(MANY),
        units.c.kind.not_in(("superior",)),
        units.c.id != bindparam("but"),
    )
    .order_by(units.c.id)
)
COUNTED = select(func.count()).where(units.c.kind == "branch")
MEMBERS = select(members.c.day, members.c.amount).where(members.c.day <= bindparam("on")).order_by(members.c.unit_id)
HEAD = select(meta.c.value).where(meta.c.name == bindparam("which"))
RENAME = update(units).where(units.c.id == bindparam("unit")).values(name=bindparam("to"))
RENAME_ALL = update(units).where(units.c.id.in_(MANY)).values(version=units.c.version + 1)
SIGN = insert(signs)
SIGN_BACK = insert(signs).returning(signs.c.name, signs.c.at)
NO_SIGN = delete(signs).where(signs.c.name == bindparam("which"))
QUESTION = insert(questions).returning(questions.c.id)


async def thrice(db: Database, statement: Any, params: Any = None) -> list[Any]:
    """What comes back the library's way, the short way for the first time, and again."""

    def ask(tx: Connection) -> list[Any]:
        return [[tuple(row) for row in tx.execute(statement, params)] for _ in range(3)]

    return await db.write(ask)


@pytest.mark.parametrize("count", [0, 1, 2, 7, 3])
async def test_lists_of_any_length_find_the_same(office: SmallOffice, count: int) -> None:
    ids = sorted(office.unit.values())[:count]
    first, second, third = await thrice(office.db, BY_IDS, {"ids": ids})
    assert first == second == third
    assert [row[0] for row in first] == ids


async def test_a_list_within_the_statement_finds_the_same(office: SmallOffice) -> None:
    ids = sorted(office.unit.values())
    first, second, third = await thrice(office.db, BRANCHES, {"ids": ids, "but": ids[-1]})
    assert first == second == third
    assert first


async def test_columns_have_their_names_and_types(office: SmallOffice) -> None:
    def ask(tx: Connection) -> list[tuple[int, int, str]]:
        found = [tx.execute(BY_IDS, {"ids": [office.unit["CB1"]]}).one() for _ in range(3)]
        return [(row.id, row.letters, row.name) for row in found]

    first, *others = await office.db.write(ask)
    assert others == [first, first]
    assert first[1] == len(first[2])


async def test_days_moments_and_constants_go_in_and_come_out_the_same(office: SmallOffice) -> None:
    await office.db.write(
        lambda tx: tx.execute(insert(members), [{"unit_id": office.unit["CB1"], "day": NOW.date(), "amount": 9}])
    )
    first, second, third = await thrice(office.db, MEMBERS, {"on": NOW.date()})
    assert first == second == third
    assert (NOW.date(), 9) in first
    assert all(isinstance(day, date) for day, _ in first)
    counted = await thrice(office.db, COUNTED)
    assert counted[0] == counted[1] == counted[2]


async def test_what_is_written_the_short_way_is_what_was_given(office: SmallOffice) -> None:
    ids = [office.unit["CB1"], office.unit["CB2"]]

    def write(tx: Connection) -> list[Any]:
        found: list[Any] = []
        for n in range(3):
            found.append(tx.execute(RENAME, {"unit": ids[0], "to": f"tên {n}"}).rowcount)
            found.append(tx.execute(RENAME, {"unit": -1, "to": "không ai"}).rowcount)
            tx.execute(RENAME, [{"unit": one, "to": f"cả hai {n}"} for one in ids])
            found.append(tx.execute(RENAME_ALL, {"ids": ids}).rowcount)
            found.append(tx.execute(select(units.c.name).where(units.c.id == ids[1])).scalar_one())
        return found

    found = await office.db.write(write)
    assert found == [one for n in range(3) for one in (1, 0, 2, f"cả hai {n}")]


async def test_rows_that_are_given_back_are_given_back(database: Database) -> None:
    moments = [NOW + timedelta(hours=n) for n in range(4)]

    def write(tx: Connection) -> list[Any]:
        one_by_one = [tx.execute(SIGN_BACK, {"name": f"{n}", "at": 1.5 + n, "value": 0.0}).one() for n in range(3)]
        tx.execute(SIGN, [{"name": f"m{n}", "at": float(n), "value": 0.0} for n, _ in enumerate(moments)])
        gone = [tx.execute(NO_SIGN, {"which": f"m{n}"}).rowcount for n in range(3)]
        return [*map(tuple, one_by_one), gone, tx.scalar(select(func.count()).select_from(signs))]

    assert await database.write(write) == [("0", 1.5), ("1", 2.5), ("2", 3.5), [1, 1, 1], 4]


async def test_values_of_other_names_are_another_form(office: SmallOffice) -> None:
    contact = await office.contact()
    whole: dict[str, Any] = {
        "contact_id": contact,
        "choices": [{"a": "ừ"}],
        "first_number": 1,
        "last_number": 1,
        "asked_at": NOW,
        "expires_at": NOW,
        "is_sent": False,
        "is_uncertain": True,
    }

    def write(tx: Connection) -> list[Any]:
        ids = [tx.execute(QUESTION, whole if n % 2 else whole | {"draft": {"n": n}}).scalar_one() for n in range(6)]
        found = select(questions).where(questions.c.id.in_(ids)).order_by(questions.c.id)
        return [(row.draft, row.choices, row.asked_at, row.is_uncertain) for row in tx.execute(found)]

    found = await office.db.write(write)
    assert [row[0] for row in found] == [{"n": 0}, None, {"n": 2}, None, {"n": 4}, None]
    assert {(row[1][0]["a"], row[2], row[3]) for row in found} == {("ừ", NOW, True)}
    assert isinstance(found[0][2], datetime)


async def test_a_value_taken_twice_is_a_conflict_and_takes_nothing_else_with_it(database: Database) -> None:
    def write(tx: Connection) -> None:
        for n in range(3):
            tx.execute(SIGN, {"name": f"{n}", "at": 0.0, "value": 0.0})
        tx.execute(SIGN, {"name": "1", "at": 0.0, "value": 0.0})

    with pytest.raises(Conflict):
        await database.write(write)
    assert await database.write(lambda tx: tx.scalar(select(func.count()).select_from(signs))) == 0


async def test_a_statement_without_a_value_it_needs_is_refused(database: Database) -> None:
    for _ in range(3):
        with pytest.raises(Exception, match="which"):
            await database.write(lambda tx: tx.execute(HEAD, {}))


async def test_look_ups_of_one_visit_see_one_moment(database: Database) -> None:
    others: list[Database] = []
    await database.write(lambda tx: tx.execute(SIGN, {"name": "a", "at": 1.0, "value": 0.0}))
    count = select(func.count()).select_from(signs)

    async def look(tx: Any) -> list[int]:
        seen = [await tx.scalar(count)]
        if database.is_sqlite:
            # Another connection writes while this view stands.
            others.append(other := Database(database.url))
            assert isinstance(other._writer, Writer)
            with other._writer._engine.begin() as writing:
                writing.execute(SIGN, {"name": f"b{len(others)}", "at": 1.0, "value": 0.0})
            other._writer._engine.dispose()
        return [*seen, await tx.scalar(count)]

    seen = [await database.read(look) for _ in range(3)]
    assert all(before == after for before, after in seen)
