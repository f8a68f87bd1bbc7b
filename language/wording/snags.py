"""Sentences about snags: what blocks whom, for how long, and who has taken it over."""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.messages import CandidateName, Choice, Line, PersonName, Reply, Text, line
from domain.records import Candidate
from domain.snags import Settling, Snag, SnagKind, by_kind
from domain.units import Unit
from language.filling import settles_snag, snags
from language.snags import KINDS
from language.wording.terms import DROP, bold, say, sentence_case

SNAGS_SHOWN = 12
SNAGS_ANSWERED = 3


def which_snag(row: Candidate) -> Reply:
    choices = [Choice(sentence_case(words), snags(row.id, words)) for words in KINDS.values()]
    return say((CandidateName(row.id), Text(" đang vướng gì?")), choices=[*choices, DROP])


def how_to_tell_snag() -> Reply:
    return say("Gõ tên người đang vướng và vướng gì, ví dụ: vướng mắc Trần Thị B thẩm tra chậm")


def snag_told(row: Candidate, kind: SnagKind) -> Reply:
    return say(
        (Text("Đã ghi vướng mắc của "), CandidateName(row.id), Text(f": {KINDS[kind]}. Cấp trên sẽ thấy.")),
        choices=[Choice("Xem vướng mắc", "/nguon vướng")],
    )


def snag_already(row: Candidate, snag: Snag) -> Reply:
    return say(
        (CandidateName(row.id), Text(f": đã ghi vướng mắc “{KINDS[snag.kind]}”, chưa gỡ xong.")),
        choices=[Choice("Đã gỡ xong", settles_snag(snag.id, Settling.GONE))],
    )


def snag_words(open_snags: Sequence[Snag], today: date) -> str:
    """`3 (thẩm tra chậm 2, đi làm ăn, học tập xa 1), lâu nhất 24 ngày`."""
    kinds = "; ".join(f"{KINDS[kind]} {count}" for kind, count in by_kind(open_snags))
    oldest = max(snag.age_days(today) for snag in open_snags)
    return f"{len(open_snags)} ({kinds}), lâu nhất {oldest} ngày"


def snags_listed(
    open_snags: Sequence[Snag], places: Mapping[int, Unit], *, may_take: bool, reader: int, today: date
) -> Reply:
    """The oldest first, with who has taken each over; the answers for the first of them."""
    if not open_snags:
        return say("Không có vướng mắc nào đang mở.", "Có vướng thì gõ: vướng mắc Trần Thị B thẩm tra chậm")
    lines: list[Line] = [line(bold("Vướng mắc"), f": {snag_words(open_snags, today)}")]
    lines += [_shown(snag, places, today) for snag in open_snags[:SNAGS_SHOWN]]
    if len(open_snags) > SNAGS_SHOWN:
        lines.append(line(f"và {len(open_snags) - SNAGS_SHOWN} vướng mắc nữa."))
    choices: list[Choice] = []
    for snag in open_snags[:SNAGS_ANSWERED]:
        if may_take and snag.taken_by is None and snag.opened_by != reader:
            choices.append(Choice("Nhận xử lý ", settles_snag(snag.id, Settling.TAKEN), snag.candidate_id))
        choices.append(Choice("Đã gỡ xong ", settles_snag(snag.id, Settling.GONE), snag.candidate_id))
    return say(*lines, choices=choices)


def _shown(snag: Snag, places: Mapping[int, Unit], today: date) -> Line:
    place = f", {places[snag.unit_id].name}" if snag.unit_id in places else ""
    told = (
        Text("• "),
        CandidateName(snag.candidate_id),
        Text(f"{place}: {KINDS[snag.kind]}, {snag.age_days(today)} ngày"),
    )
    return (*told, Text(", đồng chí "), PersonName(snag.taken_by), Text(" đã nhận")) if snag.taken_by else told


def snag_settled(snag: Snag, settling: Settling) -> Reply:
    done = "Đã nhận xử lý" if settling is Settling.TAKEN else "Đã gỡ"
    return say(
        (Text(f"{done} vướng mắc của "), CandidateName(snag.candidate_id), Text(".")),
        choices=[Choice("Xem vướng mắc", "/nguon vướng")],
    )


def snag_taken(by: int, snag: Snag) -> Reply:
    """What whoever reported it is told."""
    who = (Text("Đồng chí "), PersonName(by), Text(" đã nhận xử lý vướng mắc của "), CandidateName(snag.candidate_id))
    return say((*who, Text(f": {KINDS[snag.kind]}.")))


def snag_gone() -> Reply:
    return say("Vướng mắc này đã được gỡ rồi.", choices=[Choice("Xem vướng mắc", "/nguon vướng")])
