"""The command line, and the only wiring: settings, then objects, then run."""

import asyncio
import json
import logging
import os
import shutil
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar
from urllib.parse import urlsplit

import typer
from typer.core import TyperGroup

from channels.channel import Channel, Hook, Place, SendingFailed
from channels.outside import Heartbeat, told_time
from channels.redact import quiet_logs
from channels.telegram import TelegramChannel
from channels.trial import TrialChannel
from channels.zalo import ZaloChannel
from channels.zalo_probe import Learned, Operator, Probe, TokenRefused
from config.clock import Clock
from config.load import announced_until, differences, load_office, own_years
from config.logs import start_log
from config.settings import Settings, SettingsError, database_address, load_settings
from domain.calendar import ZONE, office_time
from domain.office import Office
from domain.people import Role
from domain.reminders import RuleCode
from door.app import Door, PlaceTaken, make_app, make_server, take_place
from door.loopback import is_loopback
from door.trial import TrialPage
from files.template import write_template
from files.trial import trial_office
from handlers.hearing import hearing
from handlers.joining import new_invite
from handlers.turn import Engine
from handlers.workbooks import LARGEST_BYTES
from jobs import desk, upkeep
from jobs.backup import Backups, back_up
from jobs.desk import NotDone
from jobs.doctor import Level, Patient, examine
from jobs.drawing import drawer
from jobs.health import Vitals
from jobs.house import House, free_bytes
from jobs.links import Links
from jobs.watch import Watch
from language import problems
from language.explain import explain
from language.known import matched
from language.plain import fold
from language.wording.talk import COMMANDS
from storage.database import Database
from storage.errors import StorageTrouble
from storage.fingerprints import fingerprint
from storage.restoring import move_database, restore_dump
from storage.schema import migrate
from storage.trial import fill
from storage.troubles import note_fault

if sys.platform == "win32":
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop

Done = TypeVar("Done")

log = logging.getLogger("ketnap")


class Commands(TyperGroup):
    """Troubles that an operator can mend are said in one line, and end with status 1."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - the context is a private type of typer's
        try:
            return super().invoke(ctx)
        except (SettingsError, StorageTrouble, NotDone) as error:
            _refuse(str(error))


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    help="Sổ Kết nạp: the tally of Party admissions and the reminders of those in charge, by chat.",
)


class Job(StrEnum):
    """Jobs that can be run by hand."""

    WEEKLY_DIGEST = RuleCode.WEEKLY_DIGEST
    MONTHLY_NOTHING_NEW = RuleCode.MONTHLY_NOTHING_NEW
    DEADLINES = RuleCode.DEADLINES
    DELIVERY = "delivery"
    UPKEEP = "upkeep"


# ── Commands ────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command("run")
def run_bot() -> None:
    """Every configured channel and the jobs, in one process."""
    settings, office = _configured()
    if not (settings.telegram_token or settings.zalo_token):
        _refuse(
            "No channel is set: put KETNAP_TELEGRAM_TOKEN or KETNAP_ZALO_TOKEN into .env. "
            "To try without a token: python bot.py demo"
        )
    clock = Clock(settings.now)
    if clock.is_rehearsal:
        log.warning("rehearsal: the office clock starts at %s", clock.now().isoformat())

    async def main() -> int:
        with _place(settings) as place:
            async with _opened(settings.database) as db:
                _make_data_dir(settings)
                house = _house(settings, db, office, clock.now)
                heartbeat = Heartbeat(settings.heartbeat_url) if settings.heartbeat_url else None
                house.watch = Watch(db, office, clock.now, house.eyes(settings.data_dir, heartbeat))
                return await _live(house, place)

    _end(_run(main()))


@app.command()
def demo() -> None:
    """A trial office in the browser: no token, no network, a fresh database each time."""
    settings, office = _configured()
    if not is_loopback(settings.http_host):
        _refuse(f"The trial has no passwords, so it is for this machine alone; {settings.http_host} is not loopback.")
    place = _place(settings)
    folder = settings.data_dir / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    url = f"sqlite+aiosqlite:///{folder / 'ketnap.db'}"
    migrate(url)
    clock = Clock(settings.now)
    trial = trial_office(clock.now().date())

    async def main() -> int:
        async with _opened(url) as db:
            channel = TrialChannel([persona.key for persona in trial.personas], now=clock.now)
            phones = {each.person_key: channel.phones(each.key) for each in trial.personas if each.person_key}
            await fill(db, trial, folded=fold, phones=phones, counts_by=office.counts_by, now=clock.now())
            house = House(db, office, clock.now, [channel], drawer(db, office, clock.now))

            async def move_clock(moment: datetime) -> None:
                clock.move_to(moment)
                await house.tick.run()

            page = TrialPage(channel, personas=trial.personas, commands=COMMANDS, now=clock.now, move_clock=move_clock)
            typer.echo(f"The trial office: http://{settings.http_host}:{settings.http_port}   (Ctrl+C ends it)")
            return await _live(house, place, trial=page)

    _end(_run(main()))


@app.command("migrate")
def migrate_database() -> None:
    """Bring the database to the current schema."""
    settings, _ = _configured()
    migrate(settings.database)
    _make_data_dir(settings)
    typer.echo("The database has the current schema.")


@app.command()
def invite(
    role: Annotated[Role, typer.Option(help="What the person will be.")],
    unit: Annotated[str, typer.Option(help="Code of the unit; an admin needs none.")] = "",
    name: Annotated[str, typer.Option(help="Whom it is for.")] = "",
) -> None:
    """Print a one-time code, good for seven days."""
    if not unit and role is not Role.ADMIN:
        raise typer.BadParameter("every role but admin needs --unit")
    settings, office = _configured()

    now = Clock(settings.now).now()

    async def made(db: Database) -> tuple[str, list[Channel], str]:
        unit_id = await desk.unit_for(db, role, unit, now.date()) if unit else None
        ways, bot, full = await desk.ways_in(db, office, now, _channels(settings))
        code, change = new_invite(lambda code: fingerprint(code, db.salt), role, unit_id, name, now)
        await desk.write(db, office, now, replace(change, bot=bot.key if bot else ""))
        return code, ways, full

    code, ways, full = _with_database(settings, made)
    typer.echo(f"{code[:4]} {code[4:]}")
    for channel in ways:
        typer.echo(_run(_opening(channel, code)))
    if full:
        typer.echo(full)


@app.command("import")
def import_office(
    file: Annotated[Path | None, typer.Argument(help="The office's workbook.", show_default=False)] = None,
    check: Annotated[bool, typer.Option("--check", help="Only look, write nothing.")] = False,
    template: Annotated[Path | None, typer.Option(help="Write an empty workbook to fill in.")] = None,
    undo: Annotated[int | None, typer.Option(help="Undo the people and admissions of that batch.")] = None,
) -> None:
    """Read units, quotas, people in charge and past years from a workbook: all of it, or nothing."""
    if sum(given is not None for given in (file, template, undo)) != 1:
        raise typer.BadParameter("one of FILE, --template FILE and --undo NUMBER")
    if template is not None:
        try:
            template.write_bytes(write_template())
        except OSError as error:
            _refuse(f"{template}: {error.strerror}")
        typer.echo(f"Written: {template}")
        return
    settings, office = _configured()
    now = Clock(settings.now).now()
    if undo is not None:
        _say(_with_database(settings, lambda db: desk.undo_batch(db, office, now, undo, is_check=check)))
        return
    assert file is not None
    try:
        content = file.read_bytes()
    except OSError as error:
        _refuse(f"{file}: {error.strerror}")
    plan = desk.read_workbook(content)
    if plan.notes:
        typer.echo(problems.notes(plan.notes))
    _say(_with_database(settings, lambda db: desk.load(db, plan, now, is_check=check)))


@app.command()
def job(
    name: Annotated[Job, typer.Argument(help="Which job.")],
    at: Annotated[str, typer.Option(help="Office time to run it at, such as 2026-11-23T07:30.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print who would get what and why; write nothing.")
    ] = False,
) -> None:
    """Run one job now. It plans only: `run` or `job delivery` sends."""
    moment = _moment(at)
    settings, office = _configured()
    clock = Clock(moment or settings.now)
    if dry_run and name not in tuple(RuleCode):
        raise typer.BadParameter(f"{name} has no dry run")

    async def run(db: Database) -> int:
        match name:
            case Job.WEEKLY_DIGEST | Job.MONTHLY_NOTHING_NEW | Job.DEADLINES:
                _say(await desk.plan_letters(db, office, RuleCode(name), clock.now(), dry_run=dry_run))
            case Job.DELIVERY:
                sent = await _house(settings, db, office, clock.now).deliver()
                typer.echo(f"{sent} messages settled")
            case Job.UPKEEP:
                done = await upkeep.run(db, office, clock.now(), _backups(settings, office))
                typer.echo(f"{done.forgotten} rows forgotten, {done.wrong_counters} counters differ")
                return 1 if done.wrong_counters or done.broken_row is not None or done.backed_up is False else 0
        return 0

    _end(_with_database(settings, run))


@app.command()
def doctor(
    zalo_probe: Annotated[
        bool,
        typer.Option(
            "--zalo-probe", help="Learn from Zalo what its documents leave open; asks you before each step that sends."
        ),
    ] = False,
) -> None:
    """Look at everything that could be wrong; each finding with its remedy; 1 if anything is."""
    settings, office = _configured()
    if zalo_probe:
        _end(_probe_zalo(settings))
        return

    async def looked() -> int:
        wrong = 0
        async for finding in examine(_patient(settings, office), free_bytes(settings.data_dir)):
            typer.echo(str(finding))
            wrong += finding.level is Level.WRONG
        return wrong

    wrong = _run(looked())
    typer.echo(f"{wrong} things are wrong" if wrong else "All is well.")
    _end(1 if wrong else 0)


@app.command()
def backup(
    to: Annotated[Path | None, typer.Option(help="Folder; by default `backups` in the data folder.")] = None,
) -> None:
    """Write everything into one encrypted file, while the bot goes on; the newest are kept, the oldest removed."""
    settings, office = _configured()
    backups = _backups(settings, office, to)
    if backups is None:
        _refuse("No office key is set, and nothing is ever written out in clear: set KETNAP_OFFICE_KEY, or …_FILE.")
    file, contents = _with_database(settings, lambda db: back_up(db, backups, Clock(settings.now).now()))
    typer.echo(f"Written: {file} ({contents.count} rows, schema {contents.revision})")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.", show_default=False)]) -> None:
    """Bring a backup back into an empty database, and verify it."""
    settings, _ = _configured()
    key = settings.key_of_office
    if not key:
        _refuse("No office key is set: a backup opens only with the key that sealed it. Set KETNAP_OFFICE_KEY.")
    contents = _run(restore_dump(settings.database, file, key, Clock(settings.now).now()))
    made = office_time(contents.made_at)
    typer.echo(f"Restored: {contents.count} rows as of {made:%Y-%m-%d %H:%M}, schema {contents.revision}")
    _verify(settings.database)


@app.command()
def move(to: Annotated[str, typer.Option(help="Address of an empty database.", show_default=False)]) -> None:
    """Copy everything into another, empty database, of whichever kind; the bot must be stopped."""
    settings, _ = _configured()
    try:
        address = database_address(to)
    except ValueError as error:
        raise typer.BadParameter(f"--to: {error}") from None
    now = Clock(settings.now).now()
    contents = _with_database(settings, lambda db: move_database(db, address, settings.data_dir, now))
    typer.echo(f"Moved: {contents.count} rows. Now set KETNAP_DATABASE_URL to the new address.")
    _verify(address)


@app.command()
def verify() -> None:
    """Check the audit's chain, counters against entries, keys and what must be unique; 1 if anything is wrong."""
    settings, _ = _configured()
    _verify(settings.database)


@app.command()
def read(
    today: Annotated[str, typer.Option(help="The day on which it is read, such as 2026-11-21.")] = "",
    unit: Annotated[str, typer.Option(help="Code of the unit to whose people and branches names are matched.")] = "",
    why: Annotated[bool, typer.Option("--why", help="How each message was read, rule by rule.")] = False,
) -> None:
    """Read messages from standard input, one a line, and print what was understood, one JSON object a line."""
    try:
        day = date.fromisoformat(today) if today else datetime.now(ZONE).date()
    except ValueError as error:
        raise typer.BadParameter(f"--today: {error}") from error
    known = _with_database(_configured()[0], lambda db: desk.known_below(db, unit, day)) if unit else None
    for row in sys.stdin.buffer:
        text = row.decode(errors="replace").rstrip("\r\n").replace("\\n", "\n")
        read = explain(text, today=day) if why else matched(text, today=day, known=known)
        print(json.dumps(read, ensure_ascii=False), flush=True)


@app.command()
def misread(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
) -> None:
    """Shapes of what was not understood in the last 90 days: how often, when last, and how it was said."""
    settings, _ = _configured()
    _say(_with_database(settings, lambda db: desk.misread(db, limit)))


# ── Wiring ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _live(house: House, place: socket.socket, *, trial: TrialPage | None = None) -> int:
    """The house with what hears, reacts and serves in it; the exit status."""
    db, now = house.db, house.now
    engine = Engine(
        db,
        house.office,
        now,
        house.owner,
        fingerprint=lambda code: fingerprint(code, db.salt),
        link=house.link,
        bots=house.bots,
        saying=house.saying,
        said=house.wake_deliveries,
        fetch=partial(house.fetch, most_bytes=LARGEST_BYTES),
    )
    hear = hearing(db, engine.keep)
    vitals = Vitals(db, house.channels, house.tick, engine.turns, house.owner, now, house.office.plans)
    hooks = [hook for each in house.channels if (hook := each.hook(hear))]
    door = Door(place, vitals=vitals, hooks=hooks, links=house.links, trial=trial)
    return await house.run(hear, engine.work, door.serve, door.close)


def _house(settings: Settings, db: Database, office: Office, now: Callable[[], datetime]) -> House:
    """The house of an office, with every channel that is set."""
    draw = drawer(db, office, now)
    links = Links(settings.public_url, lambda: db.salt, now, draw) if settings.public_url else None
    return House(db, office, now, _channels(settings), draw, _backups(settings, office), links)


def _channels(settings: Settings) -> list[Channel]:
    place = None
    if settings.uses_webhooks and settings.public_url and settings.webhook_secret:
        place = Place(settings.public_url, settings.webhook_secret.get_secret_value())
    telegram = [
        TelegramChannel(
            token.get_secret_value(), settings.telegram_api_url, settings.proxy, commands=COMMANDS, place=place
        )
        for token in settings.telegram_token
    ]
    zalo = [
        ZaloChannel(token.get_secret_value(), settings.zalo_api_url, place=place, public_url=settings.public_url or "")
        for token in settings.zalo_token
    ]
    return [*telegram, *zalo]


def _make_data_dir(settings: Settings) -> None:
    """Backups stand there too, wherever the database is."""
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        _refuse(f"KETNAP_DATA_DIR: {settings.data_dir} cannot be made: {error.strerror}")


def _place(settings: Settings) -> socket.socket:
    """Where the door will be."""
    try:
        return take_place(settings.http_host, settings.http_port)
    except PlaceTaken as error:
        _refuse(f"{error} Set KETNAP_HTTP_PORT to another port, or end what listens there.")


def _patient(settings: Settings, office: Office) -> Patient:
    """What the doctor is told before the examination."""
    told = partial(told_time, settings.zalo_api_url, None) if settings.zalo_token else None
    if settings.telegram_token:
        told = partial(told_time, settings.telegram_api_url, settings.proxy)
    return Patient(
        database=settings.database,
        data_dir=settings.data_dir,
        now=Clock(settings.now).now(),
        holidays_known_until=announced_until(),
        own_years=own_years(settings.office_file),
        differences=differences(settings.office_file),
        backups=_backups(settings, office),
        notes=settings.remarks,
        private=settings.private,
        accounts={f"{each.name}:{each.account}": partial(_introduced, each) for each in _channels(settings)},
        platform_time=told,
        plans=office.plans,
    )


def _probe_zalo(settings: Settings) -> int:
    """Prints what to put into docs/zalo.md; the exit status."""
    if not settings.zalo_token:
        _refuse("No Zalo bot is set: put KETNAP_ZALO_TOKEN into .env.")
    if _with_database(settings, desk.is_running):
        _refuse("The bot is running, and would hear what is written to it before I do. Stop it, then ask again.")
    operator = Operator(
        agrees=typer.confirm,
        does=lambda what: typer.prompt(what, default="", show_default=False),
        reads=typer.echo,
    )
    place = None
    if settings.public_url and settings.webhook_secret:
        place = Place(settings.public_url, settings.webhook_secret.get_secret_value())
    status = 0
    for token in settings.zalo_token:
        probe = Probe(token.get_secret_value(), settings.zalo_api_url, operator, place, partial(_open_door, settings))
        learned: list[Learned] = []

        async def ask(probe: Probe, learned: list[Learned]) -> bool:
            try:
                async for one in probe.run():
                    typer.echo(f"  {one.question}: {one.answer}")
                    learned.append(one)
            except TokenRefused:
                typer.echo("Zalo refuses the token.", err=True)
                return False
            except typer.Abort:
                typer.echo("Ended early.")
            return True

        status = status if _run(ask(probe, learned)) else 1
        if learned:
            host = urlsplit(settings.zalo_api_url).hostname
            typer.echo(f"\nFor docs/zalo.md (asked {Clock(settings.now).now():%Y-%m-%d}, {host}):\n")
            _say(["| question | what Zalo did |", "|---|---|", *map(str, learned)])
            _say(f"Left out: {what}" for what in probe.left_out)
    return status


@asynccontextmanager
async def _open_door(settings: Settings, hook: Hook) -> AsyncGenerator[None]:
    """Our door with that hook alone behind it."""
    with _place(settings) as place:
        server = make_server(make_app(hooks=[hook]))
        serving = asyncio.create_task(server.serve(sockets=[place]))
        try:
            yield
        finally:
            server.should_exit = True
            await serving


async def _opening(channel: Channel, code: str) -> str:
    """What somebody opens, or types where, to begin with that code."""
    platform = channel.name.title()
    try:
        name = await _introduced(channel)
    except SendingFailed as error:
        return f"(no link: {platform} was not reached, {error.reason})"
    return channel.link(code) or f"On {platform}: look for “{name}” and type the code."


async def _introduced(channel: Channel) -> str:
    """The bot's name, from a channel that is needed for nothing else."""
    try:
        return await channel.introduce()
    finally:
        await channel.close()


def _backups(settings: Settings, office: Office, folder: Path | None = None) -> Backups | None:
    key = settings.key_of_office
    return Backups(folder or settings.data_dir / "backups", key, office.retention.backups) if key else None


def _verify(url: str) -> None:
    lines, is_well = _run(_on(url, desk.verified))
    _say(lines)
    _end(0 if is_well else 1)


# ── Around it ───────────────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def _opened(url: str) -> AsyncGenerator[Database]:
    """The database, if it has the schema of this program."""
    db = await Database.open(url)
    try:
        await db.check_schema()
        yield db
    finally:
        await db.close()


def _configured() -> tuple[Settings, Office]:
    """Settings and office, checked once; logs from then on."""
    # Whatever is written from now on, the database first of all, is for the account of the bot alone.
    os.umask(0o077)
    settings = load_settings()
    office = load_office(settings.office_file)
    start_log(settings.log_level)
    quiet_logs(settings.unprintable)
    return settings, office


def _with_database(settings: Settings, work: Callable[[Database], Awaitable[Done]]) -> Done:
    """What comes of the work on the database of the settings."""
    return _run(_on(settings.database, work))


async def _on(url: str, work: Callable[[Database], Awaitable[Done]]) -> Done:
    async with _opened(url) as db:
        return await work(db)


def _run(main: Coroutine[Any, Any, Done]) -> Done:
    try:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            return runner.run(main)
    except KeyboardInterrupt:
        raise typer.Exit(1) from None
    except (SettingsError, StorageTrouble, NotDone, typer.Exit):
        raise
    except Exception as error:  # noqa: BLE001 - a traceback on the screen could spell what was to be stored
        _refuse(f"A fault; the log has it under {note_fault(log, 'bot', error)}.")


def _end(status: int) -> None:
    if status:
        raise typer.Exit(status)


def _moment(typed: str) -> datetime | None:
    if not typed:
        return None
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError as error:
        raise typer.BadParameter("--at: a moment such as 2026-11-23T07:30") from error
    return moment.replace(tzinfo=ZONE) if moment.tzinfo is None else moment


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
