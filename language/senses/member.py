"""Members already admitted: recognition as official, probation, transfers, removal."""

import re

from domain.intents import Day, Intent, Month, Need, Wish
from domain.records import DropReason, Stage
from language.senses.candidate import reason_of
from language.sentence import KN, NOT, Sentence, is_exact, settle

_OFFICIAL = re.compile(
    r"(?:chuyen|len|cong nhan|vao|thanh|duoc|xet|lam) (?:la )?(?:dang vien |dv |dang )?(?:chinh thuc|c\.t)\b|(?:chuyen|cong nhan|len) (?:dang vien |dv |dang )?ct\b|\b(?:dang vien|dv) chinh thuc (?:cho|tu|ngay|roi)|chinh thuc (?:cho|la dang vien)|(?:chuan y|nay la|tro thanh|cong nhan [^;\n]{1,40}? la) (?:dang vien |dv )chinh thuc\b|chuyen dang (?:cho|chinh)"
)
_PROPOSED = re.compile(
    rf"\b(?:xet|de nghi|hop|bieu quyet|nghi quyet|trinh|lam ho so|lam thu tuc|nop ho so|xin|tu kiem diem)\b[^;\n]{{0,40}}(?:chinh thuc|\bct\b)|\b{NOT} (?:duoc )?(?:chuyen|cong nhan|len)|\b(?:sap|se|chuan bi|du kien|den han|den ky)\b"
)
_PROBATION = re.compile(r"\b(?:trong|con) thoi gian (?:du bi|dbi)\b|(?<!het )(?<!han )(?<!thoi gian )\b(?:du bi|dbi)\b")
_PROLONGED = re.compile(
    r"\b(?:keo dai|gia han|them thoi gian|tiep tuc|van (?:dang |con |la )?)(?: \w+){0,2}? ?(?:du bi|dbi)\b"
)
_REMOVED = re.compile(
    r"\b(?:xoa ten|khai tru|cho ra khoi dang|xin ra khoi dang|dua ra khoi dang)\b(?! (?:x+ )?(?:ra )?(?:khoi )?(?:nguon|(?:danh sach|ds)(?! (?:dang vien|dv))))"
)
_REMOVAL_ASKED = re.compile(
    r"\b(?:de nghi|xem xet|xet|kien nghi|du kien|se|dang|chuan bi|trinh)\b[^;\n]{0,40}(?:khai tru|xoa ten|ra khoi dang)"
)
_MOVED_OUT = re.compile(
    r"chuyen (?:sinh hoat (?:dang )?|shd |shđ |dang )?(?:di\b|ra\b|noi khac|den noi khac|sang (?:chi bo|dang bo|xa|noi)|toi noi khac|ve (?:noi khac|que|tinh))|chuyen di|cat chuyen|gioi thieu (?:di )?sinh hoat (?:dang )?(?:di|ra)"
)
_MOVED_IN = re.compile(
    r"tiep nhan|(?:moi |vua )?(?:chuyen|ve|nhan) (?:sinh hoat (?:dang )?|shd |dang )?(?:den|ve (?:chi bo|dia phuong|day|thon|ban|sinh hoat|cb|xa)|toi|vao (?:chi bo|sinh hoat))|nhan (?:them )?(?:\d+ )?(?:dang vien|dv|dong chi|d/c|dc) (?:\w+ ){0,8}?(?:chuyen|tu)|chuyen (?:sinh hoat )?ve\b|ve sinh hoat|chuyen sinh hoat[^;\n]{0,40} den\b(?! noi)"
)
_ADMITTED_ELSEWHERE = re.compile(
    r"(?:ket ?nap|kn|vao dang) (?:dang )?(?:o|tai) [^;\n]{2,50}\b(?:nay|gio|moi|da) (?:da |moi )?(?:chuyen|ve)\b|(?:ket ?nap|kn|vao dang) (?:dang )?(?:o|trong|tai|hoi o|luc o|khi o|tu hoi|ben) (?:quan doi|bo doi|quan ngu|don vi|truong|cong an|noi cu|tinh|quan|cong ty|chi bo (?:cu|khac)|noi khac|dai hoc)|(?:xuat ngu|ra quan|bo doi)[^;\n]{0,90}(?:da )?(?:la dang vien|ket ?nap|kn|vao dang)"
)


def read(sentence: Sentence) -> Wish | None:
    """A member's own affairs, none of which is an admission."""
    flat = sentence.said
    if sentence.is_question:
        return None
    if wish := _transfer(sentence, flat):
        return wish
    if _OFFICIAL.search(flat) and not re.search(r"phan cong|giup do|chinh thuc vao dang", flat):
        return official(sentence)
    if _REMOVED.search(flat) and _REMOVAL_ASKED.search(flat) and not sentence.days:
        return Wish(Intent.OUT_OF_SCOPE, people=sentence.people(), is_doubtful=True)
    if _REMOVED.search(flat) and re.search(
        r"dang vien|\bdv\b|du bi|khai tru|khoi dang|ky luat|dang uy|sinh hoat dang|\bd/c\b|dong chi", flat
    ):
        return removed(sentence)
    if (
        (_PROBATION.search(flat) or re.search(r"\bhet (?:han |thoi gian )?(?:du bi|dbi)\b", flat))
        and sentence.names
        and not re.search(r"ket ?nap|\bkn\b|nguon", flat)
    ):
        return on_probation(sentence, Stage.PROBATION)
    return None


_REASONS = (DropReason.VIOLATION, DropReason.AWAY, DropReason.PERSONAL)


def removed(sentence: Sentence) -> Wish:
    """A member is taken off the list of members."""
    on, trouble, typed_date = settle(sentence.days, sentence.today)
    needs = () if sentence.names else (Need.NAME,)
    return Wish(
        Intent.LOG_REMOVAL,
        people=sentence.people(),
        branch=sentence.branch,
        date=on,
        trouble=trouble,
        typed_date=typed_date,
        reason_code=reason if (reason := reason_of(sentence.said)) in _REASONS else None,
        needs=needs if is_exact(on) else (*needs, Need.DATE),
    )


def on_probation(sentence: Sentence, stage: Stage) -> Wish:
    """Probation and its end, or what the branch proposed after it."""
    extra: tuple[tuple[str, str], ...] = ()
    on: Day | None = None
    if stage is Stage.OFFICIAL_PROPOSED:
        on, _, _ = settle(sentence.days, sentence.today)
        if sentence.vote is not None:
            extra = (("vote_for", str(sentence.vote[0])), ("vote_total", str(sentence.vote[1])))
    else:
        until, _, _ = settle(sentence.days, sentence.today, is_plan=True)
        if is_exact(until) and re.search(
            r"het\b[^,;\n]{0,20}du bi|(?:den|toi) (?:het )?(?:ngay )?\d|\bhan\b|\bhet 12 thang|ket thuc|du 12 thang",
            sentence.said,
        ):
            extra = (("probation_end", str(until)),)
    return Wish(
        Intent.UPDATE_PROBATION,
        people=sentence.people(),
        branch=sentence.branch,
        date=on,
        stage=None if stage is Stage.PROBATION and extra and not _STILL.search(sentence.said) else stage,
        needs=() if sentence.names else (Need.NAME,),
        extra=extra,
    )


_STILL = re.compile(r"\b(?:dang|van|con)\b(?! (?:hai|ba|\d))|trong thoi gian du bi")


def is_from_elsewhere(flat: str) -> bool:
    """Whether somebody became a member in another place: never an admission here."""
    return _elsewhere(flat) is not None


def _elsewhere(flat: str) -> re.Match[str] | None:
    """Admitted in another place; "mới đi bộ đội về, được chi bộ thôn kết nạp" is here."""
    found = _ADMITTED_ELSEWHERE.search(flat)
    is_here = found and re.search(r"(?:duoc|dc) (?:chi bo|cb)\b[^;,\n]{0,40}(?:ket ?nap|\bkn\b)", flat)
    return None if is_here else found


def _transfer(sentence: Sentence, flat: str) -> Wish | None:
    elsewhere = _elsewhere(flat)
    moved_in, moved_out = _MOVED_IN.search(flat), _MOVED_OUT.search(flat)
    is_member = (
        re.search(r"dang vien|\bdv\b|sinh hoat|\bshd\b|dang\b|du bi|chinh thuc|\bd/c\b|\bdong chi\b", flat) is not None
    )
    if not elsewhere and not ((moved_in or moved_out) and is_member):
        return None
    if (
        re.search(r"ho so(?! chuyen sinh hoat)|quan chung|nguon|ly lich|chuyen (?:dang )?chinh thuc|chuyen ct", flat)
        and not elsewhere
    ):
        return None
    if (moved_in or moved_out) is None and not re.search(r"\bve\b|chuyen|nay|da la dang vien", flat):
        return None
    return transferred(sentence)


def transferred(sentence: Sentence) -> Wish:
    """A member comes or goes; one who was admitted elsewhere comes."""
    flat = sentence.said
    elsewhere = _elsewhere(flat)
    is_out = _MOVED_OUT.search(flat) is not None or _LEAVES.search(flat) is not None
    direction = "out" if is_out and not _MOVED_IN.search(flat) and not elsewhere else "in"
    spoken = tuple(
        day
        for day in sentence.days
        if not (elsewhere and elsewhere.start() <= day.start <= elsewhere.end() + 12)
        and not _ADMITTED_ON.search(sentence.said, max(0, day.start - 30), day.start)
    )
    on, trouble, typed_date = settle(spoken, sentence.today)
    then, _, _ = settle(tuple(day for day in sentence.days if day not in spoken), sentence.today)
    needs: list[Need] = []
    if not sentence.names:
        needs.append(Need.NAMES if (sentence.count or 1) > 1 else Need.NAME)
    if not is_exact(on):
        needs.append(Need.DATE)
    more = [("status", "probationary")] if _PROBATION.search(flat) else []
    if then is not None:
        more.append(
            ("admitted_elsewhere", f"{then.year:04d}-{then.month:02d}" if isinstance(then, Month) else str(then))
        )
    return Wish(
        Intent.LOG_TRANSFER,
        people=sentence.people(),
        count=sentence.count,
        branch=sentence.branch,
        date=on,
        trouble=trouble,
        typed_date=typed_date,
        needs=tuple(needs),
        extra=(("direction", direction), *more),
    )


_ADMITTED_ON = re.compile(
    rf"(?:{KN})(?: vao| dang| tu| ngay| hom| o| tai| don vi| cu| truong| quan| doi| trong| bo)* $"
)
_LEAVES = re.compile(
    r"\bdi (?:xa|noi|tinh|huyen|phuong|thanh pho|cho|don vi|khoi)\b|chuyen di\b|noi khac|xa khac|tinh khac|(?:ra|roi) khoi"
)


_PUT_BACK = (
    (Stage.RETURNED, re.compile(r"\b(?:tra (?:lai|ve|ho so|hs)|bi tra)\b")),
    (Stage.PAUSED, re.compile(r"\b(?:tam (?:hoan|dung|ngung)|hoan (?:xet|lai|viec))\b")),
)


def official(sentence: Sentence) -> Wish:
    """A member is recognised as official, or that is only proposed, or put off."""
    flat = sentence.said
    needs = () if sentence.names else (Need.NAME,)
    if _PROLONGED.search(flat):
        return Wish(
            Intent.UPDATE_PROBATION,
            people=sentence.people(),
            branch=sentence.branch,
            stage=Stage.PROBATION,
            needs=needs,
        )
    if put_off := next((stage for stage, pattern in _PUT_BACK if pattern.search(flat)), None):
        return Wish(
            Intent.UPDATE_PROBATION, people=sentence.people(), branch=sentence.branch, stage=put_off, needs=needs
        )
    votes = (
        (("vote_for", str(sentence.vote[0])), ("vote_total", str(sentence.vote[1])))
        if sentence.vote is not None
        else ()
    )
    is_done = re.search(
        r"\b(?:da co|co|nhan|ra) (?:qd|quyet dinh)|\bhet du bi\b[^;\n]{0,12}\b(?:da )?(?:duoc )?(?:chuyen|cong nhan)|^chuyen (?:dang )?(?:ct|chinh thuc) cho\b|\blen chinh thuc (?:hom|ngay|tu)\b",
        flat,
    )
    if _PROPOSED.search(flat) and not (is_done and not re.search(r"\b(?:sap|se|chuan bi)\b", flat)):
        on, trouble, typed_date = settle(sentence.days, sentence.today)
        is_told = on is not None and trouble is None
        return Wish(
            Intent.UPDATE_PROBATION,
            people=sentence.people(),
            branch=sentence.branch,
            date=on if is_told else None,
            typed_date=typed_date if is_told else "",
            stage=Stage.OFFICIAL_PROPOSED
            if not re.search(rf"\b{NOT}\b|\b(?:sap|se|chuan bi|du kien)\b", flat)
            or re.search(r"\b(?:moi|chi)+ (?:chi )?de nghi\b", flat)
            else None,
            needs=needs,
            extra=votes,
        )
    decided, _, _ = settle(sentence.days_of("decision"), sentence.today)
    said = _OFFICIAL.search(flat)
    after = tuple(
        day for day in sentence.days_of("", "ceremony", "certificate", "dossier") if said and day.start > said.start()
    )
    on, trouble, typed_date = settle(
        after or sentence.days_of("", "ceremony", "certificate", "dossier"), sentence.today
    )
    if on is None and trouble is None and decided is not None:
        on, decided = decided, None
    return Wish(
        Intent.LOG_OFFICIAL,
        people=sentence.people(),
        count=sentence.count,
        branch=sentence.branch,
        date=on,
        trouble=trouble,
        typed_date=typed_date,
        decision_no=sentence.decision_no,
        decision_date=decided,
        needs=needs if is_exact(on) else (*needs, Need.DATE),
    )
