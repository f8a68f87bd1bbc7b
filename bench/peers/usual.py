"""The same office as such bots are usually built: python-telegram-bot's Application, and an ORM session per update.

It does the same work for the same messages: looks up the person, the posts, the unit and the candidates; writes the
entry, the counters and an audit row; answers. It reads messages with three regular expressions where ours reads free
Vietnamese, keeps drafts in memory, and has neither inbox nor outbox: what it hears or says while it dies is lost.
"""

import asyncio
import re
import sys
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, event, func, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

YEAR = 2026
NOTHING = re.compile(r"tháng (\d{1,2}) không có gì mới", re.IGNORECASE)
ADMITTED = re.compile(r"kết nạp ([^\d]+?) (\d{1,2})/(\d{1,2})$", re.IGNORECASE)


class Base(DeclarativeBase):
    pass


class Unit(Base):
    __tablename__ = "units"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    quota: Mapped[int] = mapped_column(default=3)


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str]


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    role: Mapped[str]


class Candidate(Base):
    __tablename__ = "candidates"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    name: Mapped[str]
    stage: Mapped[str]


class Entry(Base):
    __tablename__ = "entries"
    __table_args__ = (Index("uq_nothing", "unit_id", "kind", "month", "candidate_id", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidates.id"))
    month: Mapped[date | None]
    day: Mapped[date | None]
    made_at: Mapped[datetime]


class Counter(Base):
    __tablename__ = "counters"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]


class Audit(Base):
    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    person_id: Mapped[int]
    what: Mapped[str]
    entry_id: Mapped[int]


class Bot:
    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self.sessions = sessions

    async def hear(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None and update.message.text is not None
        text = update.message.text
        async with self.sessions() as session:
            person, unit = await self._who(session, update)
            if nothing := NOTHING.fullmatch(text):
                month = date(YEAR, int(nothing[1]), 1)
                entry = await self._write(session, person, unit, "nothing", month=month)
                await session.commit()
                await update.message.reply_text(
                    f"Đã ghi số {entry.id}: {unit.name} không phát sinh tháng {month.month}/{YEAR}."
                )
            elif admitted := ADMITTED.fullmatch(text):
                day = date(YEAR, int(admitted[3]), int(admitted[2]))
                known = (
                    await session.scalars(
                        select(Candidate).where(Candidate.unit_id == unit.id, Candidate.name == admitted[1])
                    )
                ).first()
                assert context.user_data is not None
                context.user_data["draft"] = (admitted[1], known.id if known else None, day)
                buttons = [InlineKeyboardButton(label, callback_data=label) for label in ("Lưu", "Sửa", "Bỏ")]
                await update.message.reply_text(
                    f"Kết nạp, {unit.name}:\n{admitted[1]}, làm lễ {day:%d/%m/%Y}\nLưu chứ?",
                    reply_markup=InlineKeyboardMarkup([buttons]),
                )
            else:
                await update.message.reply_text("Chưa hiểu ý đồng chí.")

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None and update.effective_chat is not None
        assert context.user_data is not None
        await update.callback_query.answer()
        name, known, day = context.user_data.pop("draft")
        async with self.sessions() as session:
            person, unit = await self._who(session, update)
            candidate = await session.get(Candidate, known) if known else None
            if candidate is None:
                candidate = Candidate(unit_id=unit.id, name=name, stage="listed")
                session.add(candidate)
            candidate.stage = "admitted"
            await session.flush()
            entry = await self._write(session, person, unit, "admission", candidate_id=candidate.id, day=day)
            done = await self._done(session, unit)
            await session.commit()
        await update.effective_chat.send_message(
            f"Đã ghi số {entry.id}: {name}.\n{unit.name}: {done}/{unit.quota} năm {YEAR}."
        )

    async def progress(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        async with self.sessions() as session:
            _person, unit = await self._who(session, update)
            done = await self._done(session, unit)
            listed = await session.scalar(
                select(func.count()).where(Candidate.unit_id == unit.id, Candidate.stage == "listed")
            )
        await update.message.reply_text(
            f"{unit.name} · năm {YEAR}\n"
            f"Kết nạp: {done}/{unit.quota} ({done * 100 // unit.quota}%)\nNguồn: {listed} người"
        )

    async def _who(self, session: AsyncSession, update: Update) -> tuple[Person, Unit]:
        assert update.effective_chat is not None
        person = (await session.scalars(select(Person).where(Person.chat_id == update.effective_chat.id))).one()
        posts = (await session.scalars(select(Post).where(Post.person_id == person.id))).all()
        unit = await session.get(Unit, posts[0].unit_id)
        assert unit is not None
        return person, unit

    async def _write(self, session: AsyncSession, person: Person, unit: Unit, kind: str, **facts: Any) -> Entry:
        entry = Entry(kind=kind, unit_id=unit.id, author_id=person.id, made_at=datetime.now(UTC), **facts)
        session.add(entry)
        await session.flush()
        month = (entry.month or entry.day or date(YEAR, 1, 1)).replace(day=1)
        for unit_id in (unit.id, unit.parent_id):
            add = upsert(Counter).values(unit_id=unit_id, month=month, kind=kind, amount=1)
            keys = [Counter.unit_id, Counter.month, Counter.kind]
            await session.execute(add.on_conflict_do_update(index_elements=keys, set_={"amount": Counter.amount + 1}))
        session.add(Audit(made_at=entry.made_at, person_id=person.id, what=kind, entry_id=entry.id))
        return entry

    async def _done(self, session: AsyncSession, unit: Unit) -> int:
        counted = select(func.sum(Counter.amount)).where(Counter.unit_id == unit.id, Counter.kind == "admission")
        return await session.scalar(counted) or 0


def make_engine(path: str) -> AsyncEngine:
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", connect_args={"timeout": 30})

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        # As durable as ours, or the comparison would not be fair.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


async def furnish(path: str, branches: int, communes: int, first_chat: int) -> None:
    engine = make_engine(path)
    async with AsyncSession(engine) as session:
        await session.run_sync(lambda sync: Base.metadata.create_all(sync.get_bind()))
        session.add_all(Unit(id=n + 1, name=f"Đảng bộ xã {n}") for n in range(communes))
        await session.flush()
        for n in range(branches):
            unit_id = communes + n + 1
            session.add(Unit(id=unit_id, name=f"Chi bộ thôn B{n:03}", parent_id=n % communes + 1))
            session.add(Person(id=n + 1, chat_id=first_chat + n, name=f"Người B{n:03}"))
        await session.flush()
        session.add_all(Post(person_id=n + 1, unit_id=communes + n + 1, role="secretary") for n in range(branches))
        await session.commit()
    await engine.dispose()


def main(token: str, url: str, path: str) -> None:
    bot = Bot(async_sessionmaker(make_engine(path), expire_on_commit=False))
    application = Application.builder().token(token).base_url(f"{url}/bot").concurrent_updates(True).build()
    application.add_handler(CommandHandler("tiendo", bot.progress))
    application.add_handler(MessageHandler(filters.TEXT, bot.hear))
    application.add_handler(CallbackQueryHandler(bot.press))
    application.run_polling()


if __name__ == "__main__":
    if sys.argv[1] == "furnish":
        asyncio.run(furnish(sys.argv[2], *map(int, sys.argv[3:])))
    else:
        main(*sys.argv[1:])
