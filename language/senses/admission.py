"""Admissions and what only sounds like one: decisions, plans, votes, nothing this month, totals, other bodies."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from domain.intents import DateTrouble, Day, Intent, Named, Need, Wish
from domain.records import Stage
from language import days
from language.days import Spoken
from language.names import FoundName, is_full
from language.senses.other_bodies import OTHER_KN, blank, is_other_body
from language.senses.totals import counted
from language.sentence import KN, NOT, Sentence, is_exact, settle

_TITLES = re.compile(
    r"(?:cho|de|gui|len)(?: cho)? (?:chi bo|dang uy|cap uy|chi uy|cb)(?: \w+){0,2} (?:xem xet|can nhac|theo doi)|(?:pho )?bi thu (?:chi )?doan(?: thanh nien| xa| thon| truong)?|chi hoi (?:truong|pho)(?: hoi)?(?: \w+ \w+)?|(?:pho )?chu tich hoi(?: \w+ \w+)?|can bo doan|doan vien uu tu"
)
_NOUNS = re.compile(
    r"(?:chi tieu|nguon|tinh hinh|so lieu|danh sach|ds|ho so|hs|doi tuong|ke hoach|tien do|ket qua|dieu kien|don(?: xin)?|lop|cong tac|(?<!ve )viec|quy trinh|thu tuc|huong dan|ty le|so luong|luong|tieu chuan|giay to|nhu cau|nguyen vong|nghi thuc|le phuc vu) (?:ve |de |cua )?(?:de nghi |xin |xet )?(?:ket ?nap|kn|vao dang)(?: dang(?: vien)?(?: moi)?)?"
    r"|(?:xin|muon|mong|phan dau|van dong|nguyen vong|co nguyen vong|duoc gioi thieu|tha thiet) (?:duoc )?(?:dung )?(?:vao dang|ket nap)"
    r"|ky niem[^,;\n]{0,20}ngay (?:ket nap|vao dang)|ngay (?:ket nap|vao dang)(?: dang)? cua|truoc khi ket nap|sau khi ket nap|de (?:chi bo|dang uy) ket nap|(?:dang vien|dv)(?: x+)? (?:da )?(?:duoc )?ket nap (?:dang )?(?:nam|tu|o|tai|trong) (?:\d{4}|nam|quan|bo doi|don vi|noi)"
)
_NOUNS_OF_NOBODY = re.compile(
    _NOUNS.pattern.replace("|so lieu|danh sach|ds|", "|").replace("|ket qua|", "|").replace("|ke hoach|", "|")
)
"""With people and days the head of a list is no noun: `Danh sách kết nạp: …`."""
_NEGATED = re.compile(
    rf"(?<!\w)(?:\b{NOT} (?:the |duoc |co |to chuc |lam |lam duoc |duoc phep |dong y |nhat tri )?(?:le )?(?:ai |nguoi nao )?(?:duoc )?(?:{KN}|lam le|to chuc|le ket nap)|{KN}[^,;.\n]{{0,40}}\b(?:thi )?(?:chua (?:duoc|to chuc|lam|xong|co)|khong thanh|bi hoan|phai hoan|hoan lai)|\b(?:hoan|tam hoan|dung|lui) (?:viec |lich )?(?:to chuc )?(?:le )?(?:{KN})|{KN} (?:thi )?(?:chua|hut)(?:$| a\b))"
)
_HEARSAY = re.compile(
    rf"\b(?:neu|gia ma|gia nhu|uoc gi|mong (?:la|sao|rang|muon)|hy vong|hi vong|nghe noi|nghe dau|nghe bao|hinh nhu|nghe don|khong biet (?:co|la|da)|chang biet|chac la|may ra)\b[^;\n]{{0,60}}(?:{KN}|lam le)"
)
"""Supposed, hoped or heard, but not told."""
_NO_CEREMONY = re.compile(
    rf"\bcho (?:lam |to chuc |ngay )?le\b|\ble (?:ket nap |kn )?(?:thi )?(?:van )?{NOT}\b|\b{NOT} (?:kip |co |duoc |the )?(?:lam le|to chuc|le\b|kn|ket ?nap|cong bo|trao)"
)
_CONSIDERED = re.compile(
    rf"(?<!\w)(?:\b(?:xet|xem xet|xet duyet|trinh|thong qua|bieu quyet|bo phieu|ra nghi quyet|nghi quyet|thong nhat|nhat tri|dong y|de nghi(?! (?:bot|ghi|cap nhat|luu|nhap|vao so))|de xuat|tham dinh|kien nghi|chuan y|phe duyet|phe chuan|gioi thieu de)\b[^;\n]{{0,60}}?(?:{KN})|{KN}[^,;.\n]{{0,30}}\b(?:dang (?:xet|trinh|cho (?:duyet|xet|quyet|qd|y kien))|cho (?:duyet|quyet dinh|qd|xet)|cho y kien))"
)
_BRANCH_VOTED = re.compile(
    r"(?:chi bo|chi uy|cb|hoi nghi chi bo|dang vien|100%)[^;\n]{0,60}?\b(?:xet|hop|thong qua|bieu quyet|bo phieu|ra nghi quyet|nhat tri|thong nhat|dong y|tan thanh)|\bnghi quyet (?:chi bo|de nghi)|\bhop xet\b|phieu (?:tan thanh|dong y|thuan)|\bxet ket nap|\bra nghi quyet\b"
)
_COMMITTEE = re.compile(
    r"(?:dang uy|\bdu\b|btv|ban thuong vu|thuong vu|cap uy|bch|ban chap hanh|huyen uy|cap tren|thanh uy)[^;\n]{0,40}\b(?:xet|xem xet|tham dinh|thong qua|hop|phe duyet|phe chuan|chuan y|dong y|nhat tri)|\b(?:trinh|de nghi|gui|nop|chuyen)(?: ho so)?(?: len| cho| ve)* (?:dang uy|btv|ban thuong vu|cap tren|ban xay dung|ban to chuc|xa|phuong|\bdu\b)"
)
_REJECTED = re.compile(rf"\b(?:{NOT} (?:dat|du|thong qua|duoc thong qua|du 2/3|qua)|bac|that bai)\b")
_PLANNED = re.compile(
    r"(?<!\w)(?:\b(?:doi|lui|chuyen)(?: lai)? (?:sang|qua|den|lai) (?:ngay |hom |thu |chieu |sang )*(?:\d|chu nhat|thu)|^lich le\b|\bxin (?:phep\b[^;\n]{0,40}\b|duoc )?to chuc\b|\b(?:chot|len|an dinh|thong nhat) ngay (?:lam|to chuc)\b|\bsang thang \d{1,2}\b|\b(?:doi|lui|chuyen)(?: lich| ngay| lai)? (?:le|ngay|buoi|lich)(?: le)? (?:ket nap|kn)[^;\n]{0,60}(?:sang|den|toi|lai|vao) (?:ngay |hom |thu )?\d|\b(?:se|du kien|an dinh|sap|sap toi|chuan bi|ke hoach|du dinh|(?<!quyet )dinh (?:ngay|ket|kn|lam|to chuc|tuan|thang|se)|len lich|co lich|lich (?:ket nap|kn|lam le|to chuc)|ngay mai|sang mai|chieu mai|toi mai|ngay kia|tuan sau|tuan toi|thang sau|thang toi|toi day|hen ngay|dang chuan bi|nam sau|cuoi nam nay|cuoi (?:thang|quy|tuan) nay|cuoi thang(?= (?:chi bo|cb|em|minh|se|ket|kn|lam))|xin lich|xep lich)\b"
    r"|^mai |\bmai (?:to chuc|lam le|ket nap|kn|chi bo|cb)\b|(?:thu \w+|chu nhat|t[2-7]) (?:tuan )?(?:toi|sau)\b|(?:kinh )?moi (?:dai bieu|cac d|d/c|dong chi|anh|chi|dang uy|lanh dao)[^,;\n]{0,40}\b(?:du|den du|tham du)\b)"
)
_DECISION = re.compile(r"\b(?:qd|quyet dinh|q\.d|qdinh)\b")
_DECIDED_KN = re.compile(
    rf"\b(?:qd|quyet dinh|q\.d)\b(?: so)?(?: [\d/\-a-z]{{1,14}})?(?:,? (?:ky )?ngay [\d/.\-]{{3,10}})?(?: (?:cho|ve|ve viec|viec|chuan y|dong y|cua [\w ]{{1,24}}?))* ?(?:{KN})(?: (?:nguoi|quan chung|dang vien|dv))?(?: (?:vao dang|vao hang ngu))?"
)
_CEREMONY = re.compile(
    rf"\b(?:lam le|le {KN}|to chuc (?:le )?(?:{KN})|to chuc le|le ket nap|buoi le|tuyen the|vua {KN}|da (?:duoc )?{KN}|duoc {KN}|moi {KN}|lam xong le)"
)
_KN = re.compile(KN)
_LE = re.compile(
    r"dang vien moi\b[^;\n]{0,60}\ble (?:duoc )?to chuc\b|(?:cap nhat|them|ghi|so|nhap|bao)\b[^;\n]{0,60}(?<!lop )dang vien moi\b|tuyen the (?:duoi co|vao dang|truoc co)|\b(?:lam|to chuc|xong|du|hoan thanh) (?:xong )?(?:buoi )?le\b(?! (?:cong nhan|chuyen|ra mat|cuoi|trao huy hieu|phat dong|hoi|chao co|vieng|ky niem|dang huong|chinh thuc|khai))"
)
_INTRODUCER_BEFORE = re.compile(
    r"(?:pho )?bi thu(?: chi bo(?: \d+)?| dang uy| cb)? $|\bdo (?:dong chi |d/c |dc |anh |chi |ong |ba )?$|(?:nguoi giup do|huong dan|nguoi gioi thieu|chu tri)(?: la)?[: ]*(?:dong chi |d/c |dc |anh |chi )?$"
)
_INTRODUCER_AFTER = re.compile(r"[, (]*(?:la )?(?:pho )?bi thu(?! chi doan| doan| dtn| hoi)|[, ]*(?:la )?(?:nguoi )?(?:giup do|huong dan|gioi thieu|chu tri|trao quyet dinh|thay mat|phat bieu|(?:pho )?bi thu dang uy|bi thu chi bo|kem cap|theo doi|phu trach|ghi|bao)\b")  # fmt: skip


_NOT_FAR = timedelta(days=120)
"""A ceremony is planned no further ahead; a day and month further off have passed."""


def read(sentence: Sentence) -> Wish | None:
    """Whatever speaks of admitting somebody, down to what only sounds like it."""
    flat = _TITLES.sub(blank, OTHER_KN.sub(blank, sentence.said))
    if is_other_body(flat) or (not sentence.is_sure_of_names and is_other_body(sentence.flat)):
        return Wish(Intent.OUT_OF_SCOPE)
    flat = (_NOUNS_OF_NOBODY if sentence.names and sentence.days else _NOUNS).sub(blank, flat)
    has_kn = _KN.search(flat) is not None
    is_answer = bool(sentence.names) and sentence.names[0].start == 0 and not sentence.names[0].is_full
    if not has_kn and (is_answer or not (_LE.search(flat) and sentence.names)):
        return _decision_alone(sentence, flat)
    if sentence.is_question or (not sentence.names and re.search(r"(?:du|dat|xong|vuot|hoan thanh) chi tieu", flat)):
        return None
    if _DECISION.search(flat) and _NO_CEREMONY.search(flat):
        return decided(sentence)
    if re.search(r"\bgioi thieu\b[^;\n]{0,60}\b(?:vao|cho) dang\b", flat) and not _CEREMONY.search(flat):
        return None
    if _HEARSAY.search(flat) or "có lẽ" in sentence.text.lower():
        return Wish(Intent.OUT_OF_SCOPE, people=sentence.people(), is_doubtful=True)
    if _NEGATED.search(flat):
        return Wish(Intent.OUT_OF_SCOPE, people=sentence.people(), is_doubtful=True)
    if not _CEREMONY.search(_CONSIDERED.sub(blank, flat)) and _CONSIDERED.search(flat):
        return considered(sentence)
    if _is_planned(sentence, flat):
        return planned(sentence)
    if _DECISION.search(flat) and _is_decision_only(flat):
        return decided(sentence)
    return counted(sentence) or admitted(sentence)


def _is_planned(sentence: Sentence, flat: str) -> bool:
    found = _PLANNED.search(flat)
    if found is None or any(place.start <= found.start() < place.end for place in sentence.branches):
        return False
    if found[0].strip().startswith(("kinh moi", "moi")) and not sentence.typed_as("moi", "mời"):
        return False
    if (
        found[0].strip().startswith("mai")
        and sentence.original(found.start(), found.end()).strip()[:1].isupper()
        and found.start() > 0
    ):
        return False
    return not re.search(r"\b(?:da|vua|moi) (?:duoc )?(?:ket ?nap|kn|lam le|to chuc)|lich su", flat)


def _is_decision_only(flat: str) -> bool:
    if re.search(rf"\btrao (?:qd|quyet dinh)\b[^;\n]{{0,20}}\b(?:va|roi|,) ?(?:to chuc |lam )?(?:le )?(?:{KN})", flat):
        return False
    rest = _DECIDED_KN.sub(blank, flat)
    has_decided = rest != flat
    if has_decided and not _KN.search(rest):
        return _LE.search(rest) is None and not re.search(
            r"\b(?:lam|buoi|to chuc) le\b|\ble (?:lam|to chuc)\b|tuyen the", rest
        )
    if re.search(
        r"\b(?:da |moi |vua )*(?:co|ra|nhan|ban hanh|ky)(?: duoc)? (?:qd|quyet dinh)", rest
    ) and not _CEREMONY.search(rest):
        return not re.search(rf"{KN}[^;\n]{{0,90}}(?:ngay|hom|\d/\d)", rest) and has_decided
    return False


def _decision_alone(sentence: Sentence, flat: str) -> Wish | None:
    """ "Đã có QĐ 88 cho Blưn" without the word admission still tells of a decision, if nothing else is named."""
    if sentence.is_question or not re.search(
        r"\b(?:co|ra|nhan|ky|ve)(?: duoc)?(?: roi)? (?:qd|quyet dinh)\b|\b(?:qd|quyet dinh)\b[^,;\n]{0,30}\bve roi",
        flat,
    ):
        return None
    if (
        re.search(
            r"chinh thuc|\bct\b|ky luat|khai tru|xoa ten|bo nhiem|chi tieu|chuan y|phan cong|thanh lap|chua co|chuyen|nghi|khen",
            flat,
        )
        or not sentence.names
    ):
        return None
    return replace(decided(sentence), is_doubtful=True)


def decided(sentence: Sentence) -> Wish:
    """A decision whose ceremony is still to come."""
    signed, reached = sentence.days_of("decision"), sentence.days_of("received")
    if len(signed) > 1 and not reached and re.search(r"\bnhan\b", sentence.said[: signed[0].start]):
        # "nhận QĐ kết nạp Nụ ngày 18/11; QĐ số 7 ký ngày 14/11"
        reached, signed = signed[:1], signed[1:]
    if signed and not reached and re.search(r"\bnhan (?:duoc )?(?:qd|quyet dinh)\b", sentence.said[: signed[0].start]):
        # "nhận quyết định kết nạp của Slào hôm kia, QĐ 81 ký 13/11"
        reached = tuple(day for day in sentence.days_of("", "ceremony") if day.end <= signed[0].start)
    if not signed and not reached and re.search(r"\b(?:nhan|cam) (?:duoc |dc )?(?:qd|quyet dinh)\b", sentence.said):
        # "nhận QĐ kết nạp Quynh sáng nay": a day told by how near it is was that of receiving.
        reached = tuple(day for day in sentence.days if day.on is not None)
    on, trouble, typed_date = settle(signed, sentence.today)
    if on is None and trouble is None and not reached:
        on, trouble, typed_date = settle(sentence.days_of("", "ceremony"), sentence.today)
    received, _, _ = settle(reached, sentence.today)
    planned: Day | None = None
    if len(sentence.days) > 1 and (_PLANNED.search(sentence.said) or sentence.days_of("ceremony")) and not reached:
        planned, _, _ = settle(sentence.days_of("ceremony"), sentence.today, is_plan=True)
        if isinstance(planned, date) and planned - sentence.today > _NOT_FAR:
            planned = None
    people, introducers = _people(sentence)
    needs = tuple(need for need in _people_needs(people, sentence.count) if need is not Need.FULL_NAME)
    extra = [("introduced_by", name) for name in introducers]
    if is_exact(received):
        extra.append(("received_date", str(received)))
    return Wish(
        Intent.LOG_DECISION,
        people=people,
        count=sentence.count,
        branch=sentence.branch,
        decision_no=sentence.decision_no,
        decision_date=on,
        planned_ceremony=planned,
        typed_date=typed_date,
        trouble=trouble,
        needs=needs if is_exact(on) else (*needs, Need.DECISION_DATE),
        extra=tuple(extra),
    )


def considered(sentence: Sentence) -> Wish:
    """The branch or the committee has taken somebody up; with votes, the vote decides."""
    flat = sentence.said
    stage: Stage | None = None
    if sentence.vote is not None:
        votes, total = sentence.vote
        stage = Stage.BRANCH_RESOLVED if votes * 3 >= total * 2 else Stage.BRANCH_REJECTED
    elif re.search(
        r"\b(?:tuan sau|thang sau|tuan toi|thang toi|sap toi|ngay mai|se|sap|du kien)\b[^;\n]{0,40}\b(?:xet|hop|xem xet)\b",
        flat,
    ):
        stage = None
    elif _COMMITTEE.search(flat):
        stage = Stage.COMMITTEE_REVIEW
    elif _REJECTED.search(flat):
        stage = Stage.BRANCH_REJECTED
    elif not re.search(rf"\b(?:se|sap|chuan bi|du kien|ke hoach|{NOT}|thang sau|tuan sau|tuan toi)\b", flat):
        stage = Stage.BRANCH_RESOLVED
    people, _ = _people(sentence)
    on, trouble, typed_date = settle(sentence.days, sentence.today)
    if stage is None:
        return Wish(Intent.OUT_OF_SCOPE, people=people, is_doubtful=True)
    extra: list[tuple[str, str]] = []
    if sentence.vote is not None:
        extra = [("vote_for", str(sentence.vote[0])), ("vote_total", str(sentence.vote[1]))]
    return Wish(
        Intent.UPDATE_CANDIDATE,
        people=people,
        branch=sentence.branch,
        stage=stage,
        date=on,
        trouble=trouble,
        typed_date=typed_date,
        needs=_dated_needs(people, trouble),
        extra=tuple(extra),
    )


def _dated_needs(people: tuple[Named, ...], trouble: DateTrouble | None) -> tuple[Need, ...]:
    needs = () if people else (Need.NAME,)
    return needs if trouble is None else (*needs, Need.DATE)


def votes(sentence: Sentence) -> Wish | None:
    """A branch meeting told by its votes or its resolution, without the word admission."""
    if sentence.is_question or not sentence.names:
        return None
    is_vote = sentence.vote is not None and re.search(r"phieu|tan thanh|dong y|nhat tri|bieu quyet", sentence.said)
    flat = _TITLES.sub(blank, sentence.said)
    if is_vote or _BRANCH_VOTED.search(flat) or _COMMITTEE.search(flat):
        if re.search(
            rf"chinh thuc|\bct\b|phan cong|\b{NOT} xet|dua vao nguon|vao danh sach|chi tieu|khen thuong", sentence.said
        ):
            return None
        return considered(sentence)
    return None


def planned(sentence: Sentence) -> Wish:
    """A ceremony still to come."""
    flat = sentence.said
    spoken = sentence.days_of("", "ceremony")
    moved = tuple(day for day in spoken if _MOVED_TO.search(sentence.said, max(0, day.start - 12), day.start))
    if len(spoken) > 1 and len(moved) == 1 and _MOVED.search(flat):
        # "dời từ 10/6 qua 14/6"
        spoken = moved
    on, trouble, typed_date = settle(spoken, sentence.today, is_plan=True)
    people, _ = _people(sentence)
    if trouble is DateTrouble.SEVERAL and (dated := _each_dated(sentence, people, days.ahead)):
        people, on, trouble, typed_date = dated, None, None, ""
    decided_on, _, _ = settle(sentence.days_of("decision"), sentence.today)
    if _DECISION.search(flat) and is_exact(decided_on) and on != decided_on:
        return replace(decided(sentence), planned_ceremony=on)
    needs = () if people or sentence.count else (Need.NAME,)
    if people and sentence.count is not None and sentence.count > len(people):
        needs = (Need.COUNT_MISMATCH,)
    is_dated = is_exact(on) or (bool(people) and all(is_exact(person.date) for person in people))
    return Wish(
        Intent.PLAN_CEREMONY,
        people=people,
        count=sentence.count,
        branch=sentence.branch,
        date=on,
        trouble=trouble,
        typed_date=typed_date,
        decision_no=sentence.decision_no,
        needs=needs if is_dated else (*needs, Need.DATE),
    )


_MOVED = re.compile(r"\b(?:doi|lui|chuyen|hoan|don)\b")
_MOVED_TO = re.compile(r"\b(?:sang|qua|den|toi|lai|vao)(?: (?:ngay|hom))? $")


def _people(sentence: Sentence) -> tuple[tuple[Named, ...], tuple[str, ...]]:
    """The people themselves, and apart those who introduced, helped or presided."""
    people: list[Named] = []
    introducers: list[str] = []
    for found, named in zip(sentence.names, sentence.people(), strict=True):
        if _is_introducer(sentence, found):
            introducers.append(named.name)
        elif len(sentence.names) == 1 or not _is_left_out(sentence, found):
            people.append(named)
    return tuple(people), tuple(introducers)


_NOT_HIM = re.compile(r"\b(?:nham voi|khac voi|chu khong phai|tru)(?: la)?(?: (?:dong chi|d/c|dc|anh|chi|em))? $")
_NOT_YET = re.compile(r"[^,;.\n\d]{0,40}\b(?:thi|nen|van|con) chua\b(?! (?:lam le|to chuc))")


def _is_left_out(sentence: Sentence, found: FoundName) -> bool:
    """Of whom it is said that he is not meant, or not yet: `còn Tao Văn Óm thì chưa`."""
    before = sentence.flat[max(0, found.start - 30) : found.start]
    return _NOT_HIM.search(before) is not None or _NOT_YET.match(sentence.said, found.end) is not None


def _is_introducer(sentence: Sentence, found: FoundName) -> bool:
    before = sentence.flat[max(0, found.start - 40) : found.start]
    return (
        _INTRODUCER_BEFORE.search(before) is not None or _INTRODUCER_AFTER.match(sentence.flat, found.end) is not None
    )


def admitted(sentence: Sentence) -> Wish:
    """A ceremony that was held."""
    people, introducers = _people(sentence)
    spoken = _put_right(sentence, sentence.days_of("", "ceremony", "certificate", "dossier"))
    on, trouble, typed_date = settle(spoken, sentence.today)
    if trouble is DateTrouble.SEVERAL and (dated := _each_dated(sentence, people)):
        people, on, trouble, typed_date = dated, None, None, ""
    decided_on, _, _ = settle(sentence.days_of("decision"), sentence.today)
    has_days = is_exact(on) or (bool(people) and all(is_exact(person.date) for person in people))
    needs = [*_people_needs(people, sentence.count), *(() if has_days else (Need.DATE,))]
    if people and not sentence.is_sure_of_names and Need.FULL_NAME not in needs:
        needs.insert(0, Need.FULL_NAME)
    return Wish(
        Intent.LOG_ADMISSION,
        people=people,
        count=sentence.count,
        branch=sentence.branch,
        date=on,
        typed_date=typed_date,
        trouble=trouble,
        decision_no=sentence.decision_no,
        decision_date=decided_on,
        needs=tuple(needs),
        extra=tuple(("introduced_by", name) for name in introducers),
    )


_SLIP = re.compile(r"\b(?:nham|lon|quen|xin loi)\b")


def _put_right(sentence: Sentence, spoken: tuple[Spoken, ...]) -> tuple[Spoken, ...]:
    """In "hôm 12/11 à nhầm 13/11" only the day behind the slip is meant."""
    slips = [found.end() for found in _SLIP.finditer(sentence.said)]
    after = tuple(day for day in spoken if slips and day.start >= slips[-1])
    return after if after and len(after) < len(spoken) else spoken


def _each_dated(
    sentence: Sentence, people: tuple[Named, ...], read: Callable[[Spoken, date], days.Reading] = days.past
) -> tuple[Named, ...]:
    """Every person with a day of their own behind the name; nothing if it does not come out even."""
    names = sentence.names
    if len(names) != len(people) or len(names) < 2:
        return ()
    exact = [day for day in sentence.days if not day.is_month]
    if len(exact) != len(names):
        return ()
    in_turn = exact[0].start > names[-1].end and re.search(r"lan luot|theo thu tu", sentence.said) is not None
    is_before = not in_turn and all(day.end <= name.start for day, name in zip(exact, names, strict=True))
    dated: list[Named] = []
    ends = [*(name.start for name in names[1:]), len(sentence.flat)]
    for at, (name, person, end) in enumerate(zip(names, people, ends, strict=True)):
        own = (exact[at],) if in_turn or is_before else tuple(day for day in exact if name.end <= day.start < end)
        reading = read(own[0], sentence.today) if len(own) == 1 else days.Reading()
        if not is_exact(reading.day):
            return ()
        dated.append(replace(person, date=reading.day))
    return tuple(dated)


def _people_needs(people: tuple[Named, ...], count: int | None) -> list[Need]:
    if not people:
        return [Need.NAMES if count and count > 1 else Need.NAME]
    needs: list[Need] = []
    if any(not is_full(person.name) for person in people):
        needs.append(Need.FULL_NAME)
    if count is not None and count != len(people):
        needs.append(Need.COUNT_MISMATCH)
    return needs
