"""The trail of every kind of change: what mark each leaves, in the same commit, or why it leaves none."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

from sqlalchemy import func, select

from domain.changes import (
    AddCandidate,
    Announce,
    BindGroup,
    Change,
    ChangeCandidate,
    CountAsked,
    CountGuess,
    DecideRequest,
    DropCandidate,
    EndClass,
    ForgetDrafts,
    ForgetPerson,
    GiveName,
    HandOver,
    JoinClass,
    LinkChat,
    LoadPlan,
    LockChat,
    Looked,
    MakeInvite,
    MakeLink,
    MarkGreeted,
    MarkNobodyLeft,
    MarkOutageTold,
    MarkReach,
    MoveCandidate,
    NamePerson,
    NoteMisread,
    OpenClass,
    OpenSnag,
    PlanLetter,
    PreferChat,
    Record,
    RequestPost,
    RestLetters,
    Restore,
    SetQuota,
    SettleSnag,
    TakeBack,
    Undo,
    UndoBatch,
    UnlinkChat,
    UseInvite,
    Written,
)
from domain.classes import TrainingClass
from domain.messages import Address
from domain.office import OfficePlan
from domain.past import PlannedAdmission
from domain.people import Role
from domain.quotas import Quota, Target
from domain.records import DropReason, Move, Stage
from domain.snags import Settling, SnagKind
from storage.audit import first_broken
from storage.tables import audit, inbox, invites, people, posts
from tests.storage.small_office import NOW, TODAY, SmallOffice, admission, draft_named, reply

MARKS: Mapping[type, str] = {
    AddCandidate: "candidate_added",
    ChangeCandidate: "candidate_changed",
    MoveCandidate: "candidate_changed",
    OpenSnag: "snag_opened",
    SettleSnag: "snag_settled",
    OpenClass: "class_opened",
    JoinClass: "class_joined",
    EndClass: "class_ended",
    ForgetDrafts: "draft_forgotten",
    DropCandidate: "candidate_changed",
    Record: "entry_made",
    Undo: "entry_undone",
    Restore: "entry_restored",
    UndoBatch: "batch_undone",
    SetQuota: "quota_set",
    MarkNobodyLeft: "nobody_left",
    MakeInvite: "invite_made",
    UseInvite: "invite_used",
    GiveName: "name_given",
    RequestPost: "request_made",
    DecideRequest: "request_approved",
    HandOver: "post_handed_over",
    TakeBack: "post_taken_back",
    LockChat: "chat_locked",
    MakeLink: "invite_made",
    LinkChat: "chat_linked",
    UnlinkChat: "chat_unlinked",
    PreferChat: "chat_preferred",
    Announce: "announced",
    CountGuess: "code_guessed",
    BindGroup: "group_bound",
    Looked: "looked",
    LoadPlan: "batch_kept",
    PlanLetter: "letter_planned",
    RestLetters: "letters_rest",
}

WITHOUT: Mapping[type, str] = {
    NamePerson: "a draft on a card, gone with it; what is made of it leaves the mark",
    ForgetPerson: "the draft goes before it was anything",
    CountAsked: "how often a stranger was asked today",
    MarkReach: "whether a chat can be reached, as the platform says",
    MarkGreeted: "when a stranger was told how to join",
    MarkOutageTold: "that a chat was told of a stop",
    NoteMisread: "a shape that tells of nobody",
}


def test_every_kind_of_change_has_its_mark_or_a_reason_for_none() -> None:
    assert {*MARKS, *WITHOUT} == set(get_args(Change))
    assert not set(MARKS) & set(WITHOUT)


async def test_every_kind_of_change_leaves_its_mark_in_the_same_commit(office: SmallOffice) -> None:
    seen = Seen(office)
    unit, week = office.unit, NOW + timedelta(days=7)

    person = await office.candidate("Lê Văn A")
    await seen(AddCandidate(draft := draft_named("Lê Thị B", unit["CB1"])))
    await seen(ForgetDrafts((draft.id,)))
    await seen(ChangeCandidate(replace(person, stage=Stage.APPLICATION)))
    person = replace(person, version=1, stage=Stage.APPLICATION)
    further = replace(person, stage=Stage.DOSSIER_OPEN)
    await seen(MoveCandidate(further, Move(person.id, Stage.APPLICATION, Stage.DOSSIER_OPEN, TODAY)))
    person = replace(further, version=2)
    snag = (await seen(OpenSnag(person.id, person.unit_id, SnagKind.VERIFICATION))).made
    await seen(SettleSnag(snag, Settling.GONE))
    held = TrainingClass(0, unit["DU1"], "Nhà văn hóa", TODAY, TODAY, 40)
    held = replace(held, id=(await seen(OpenClass(held))).made)
    await seen(JoinClass(held, ((person.id, person.unit_id),)))
    await seen(EndClass(replace(held, version=1, certificate_on=TODAY), (), ()))
    number = (await seen(admission(person, TODAY))).numbers[-1]
    await seen(Undo(number))
    await seen(Restore(number))
    dropped = await office.candidate("Lê Văn C")
    await seen(DropCandidate(dropped.id, dropped.version, next(iter(DropReason)), TODAY))

    plan = OfficePlan(admissions=(PlannedAdmission("CB1", "Lò Thị Dụ", TODAY, TODAY - timedelta(days=400)),))
    loaded = await seen(LoadPlan(plan, {"entries_added": 1}, str.casefold, frozenset(unit.values())))
    await seen(UndoBatch(loaded.batch or 0))
    await seen(SetQuota(Quota(unit["CB2"], "2026", Target(2)), None))
    await seen(MarkNobodyLeft(unit["CB1"], 0, nobody_left=True))

    guest = await office.contact(Address("telegram", "7001", "43"))
    await seen(MarkGreeted(guest))
    await seen(CountAsked(guest))
    await seen(CountGuess(guest))
    await seen(MarkReach(guest, is_blocked=True))
    await seen(MarkReach(guest, is_blocked=False))
    await seen(MarkOutageTold(guest, NOW))
    await seen(NoteMisread("… ngày #"))
    await seen(MakeInvite("f1", Role.SECRETARY, unit["CB9"], "", week))
    await seen(UseInvite(1, guest, None), by=None)
    async with office.db.reading() as tx:
        nameless = (await tx.execute(select(people.c.id).where(people.c.name == ""))).scalar_one()
    await seen(GiveName(nameless, "Lê Thị Tên"))

    named = (await seen(NamePerson(77, "Đỗ Văn Tâm"))).made
    async with office.db.reading() as tx:
        own = (await tx.execute(select(posts.c.id).where(posts.c.unit_id == unit["CB1"]))).scalar_one()
    holder = office.people["bi-thu-1"]
    given = (await seen(HandOver(own, holder, named, None, "f2", week))).made
    await seen(TakeBack(own, given))
    await seen(NamePerson(78, "Đỗ Văn Nhầm"))
    await seen(ForgetPerson(78))

    asker = await office.contact(Address("telegram", "7001", "44"))
    wanting = (await seen(NamePerson(79, "Lò Văn Muốn"))).made
    asked = RequestPost(asker, wanting, Role.SECRETARY, unit["CB9"], "", week, (office.people["cap-uy"],), NOW)
    request = (await seen(asked)).made
    await seen(DecideRequest(request, unit["CB9"], reply("được")))
    await seen(LockChat(asker, wanting, "f3", week, reply("khóa"), 0))

    await seen(MakeLink("f4", Role.SECRETARY, unit["CB1"], week))
    async with office.db.reading() as tx:
        link = (await tx.execute(select(func.max(invites.c.id)))).scalar_one()
    await seen(LinkChat(link, asker, holder, None, reply("nối"), reply("chuyển")))
    await seen(PreferChat(asker))
    await seen(MakeLink("f5", Role.SECRETARY, unit["CB1"], week))
    other = await office.contact(Address("telegram", "7001", "45"))
    await seen(LinkChat(link + 1, other, holder, None, reply("nối"), reply("chuyển")))
    await seen(UnlinkChat(asker, holder, reply("gỡ"), 0))

    async with office.db.reading() as tx:
        item = await tx.scalar(select(func.max(inbox.c.id)))
    assert item is not None
    await seen(Announce(unit["DU1"], item, ((holder, unit["CB1"]),), NOW, reply("họp")))
    await seen(Looked("list", unit["CB2"], 3))
    await seen(PlanLetter("k", "nudge", holder, NOW, unit["CB1"]))
    await seen(RestLetters(TODAY))

    group = await office.contact(Address("telegram", "7001", "-45"))
    async with office.db.reading() as tx:
        version = (await tx.execute(select(people.c.version).where(people.c.id == holder))).scalar_one()
    await seen(BindGroup(group, unit["CB1"], holder, version))

    assert seen.kinds == set(get_args(Change)), "no kind was left out"
    async with office.db.reading() as tx:
        assert await tx.run_sync(first_broken) is None


class Seen:
    """Writes a change and looks at what the trail has of it."""

    def __init__(self, office: SmallOffice) -> None:
        self.kinds: set[type] = set()
        self._office = office

    async def __call__(self, change: Any, *, by: str | None = "bi-thu-1") -> Written:
        before = await self._last()
        written = await self._office.apply(change, by=by)
        async with self._office.db.reading() as tx:
            new = (await tx.execute(select(audit).where(audit.c.id > before).order_by(audit.c.id))).all()
        kind = type(change)
        if kind in MARKS:
            assert MARKS[kind] in [row.what for row in new], (kind.__name__, [row.what for row in new])
            who = {row.person_id for row in new}
            assert who == {self._office.people[by]} if by else None not in who, kind.__name__
        else:
            assert not new, kind.__name__
        self.kinds.add(kind)
        return written

    async def _last(self) -> int:
        async with self._office.db.reading() as tx:
            return await tx.scalar(select(func.max(audit.c.id))) or 0
