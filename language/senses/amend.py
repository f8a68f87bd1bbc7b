"""Taking back and putting right: the entry just made, or one that is named."""

import re
from dataclasses import replace

from domain.intents import Intent, Named, Need, Wish
from domain.records import Fact
from language.days import Spoken
from language.names import FoundName
from language.sentence import KN, Sentence, settle
from language.spelling import proper

_TAKEN_BACK = re.compile(
    r"\b(?:xoa|huy|rut|thu hoi|go|(?<!chi )bo|bo qua|hoan tac)\b[^;\n\d]{0,30}\b(?:cai|tin|tin nhan|bao cao|dong|ban ghi|muc|lan|cau|thu)\b[^;\n\d]{0,20}\b(?:vua|(?:moi|luc|hoi|ban) nay|moi (?:bao|ghi|gui|nhap|nhat)|gan nhat|moi nhat|truoc)\b"
)
_UNDO = re.compile(
    r"^(?:(?:cho |giup |a |oi |em |toi |(?:nham|sai|lon)(?: to| mat)* ?(?:roi)?,? |sai roi,? |xin |lam on )*)(?:hoan tac|undo|(?:thoi )?(?:xoa|huy|bo|rut lai|go|thu hoi)(?: bo| giup| di| ho| luon)*(?: (?:em|toi|minh))?(?: (?:cai|thao tac|ban ghi|tin|tin nhan|muc|dong|phan|nguoi|ca|lenh|lan|noi dung))* ?(?:(?:em|toi|minh) )?(?:vua (?:roi|gui|ghi|nhap|xong|luu|bao|nay|noi)|cuoi|moi (?:gui|ghi|nhap|luu)|nay|luc nay|truoc|do|kia|vua|gan nhat)\b)"
    r"|^(?:huy|xoa|rut) (?:ket ?nap|kn|bao cao|tin)(?: \w+)? ?(?:vua|luc)|(?:lui lai|quay lai buoc truoc|thu hoi tin|(?:gui |ghi |bao |nhap )?nham(?: roi)?(?: a)?[,.]? (?:cho (?:em|toi) )?(?:xoa|huy|bo|go|rut lai)(?: di| giup| ho| lai| luon| bo| nhe| cai do| nay| cai| tin| vua| roi| em| toi| nha)*[ a.!]*$|(?:gui |ghi )?nham roi,? (?:xoa|huy|bo)|(?:xoa|huy|bo)(?: di)? (?:em |toi )?(?:ghi|gui|bao|nhap) nham)|^(?:(?:cai|tin|muc|dong|ban ghi) )?(?:em |toi |minh )?(?:vua|moi) (?:ghi|gui|nhap|luu|bao)(?: xong)?,? (?:thi )?(?:bo|xoa|huy|go)\b[^;\n]{0,20}$|^(?:ghi|bao|gui|nhap) (?:lon|nham|sai)(?: roi)?(?: a)?[, ]+(?:xoa|huy|bo|go)\b[^;\n]{0,20}$"
)
_UNDO_OF = re.compile(
    rf"^(?:(?:cho|giup|em|toi|xin|nho) )*(?:xoa|huy|bo|go|thu hoi)(?: (?:bo|giup|di|ho|luon))*(?: (?:cai|viec|ban ghi|tin|muc|dong|phan))*(?: (?:quyet dinh|qd))? (?:{KN})\b"
)
"""`hủy kết nạp Nguyễn Văn An`: whose it is, is said."""
_WRONG = re.compile(
    r"(?<!\w)(?:\bsua\b|\bdinh chinh\b|\bnham\b|\bchu khong phai\b|\bchu (?:ko|k)\b(?: phai)?|\bmoi dung\b|\bdung (?:la|ra|phai la)\b|\bthay (?:ngay|ten)|\bdoi (?:ten|ngay|lai ngay|lai ten|thanh|lai)|\bphai la\b|\bghi sai\b|\bsai (?:ngay|ten|nam|chi bo)|\bchinh lai\b|\bkhong phai\b[^;\n]{0,90}\bma\b|(?:ngay|ten|nam sinh|chi bo) dung\b|\b(?:bo|go|xoa|loai) (?:ten )?(?:dong chi |d/c |dc |anh |chi |em )?x{2,} (?:ra|di)\b(?! khoi)|\blon\b(?= (?:ngay|ten))|\bviet sai\b|\bviet nham\b|\bmoi phai\b|khong phai[^;\n]{1,24}, ?(?:moi|chi)\b|^lon roi\b|\bkhoi (?:danh sach|ds|dot|tin) (?:em |toi |minh |bac )?(?:vua|moi) (?:bao|ghi|gui|nhap))"
)
_NEW_AFTER = re.compile(
    r"(?:thanh|la|sang|lai la|phai la|dung la|dung ra|doi thanh|->|=>|:|moi dung la)\s+(?:ngay |ten |dong chi |d/c |dc |nam |chi bo )?$"
)
_NEW_WORD = re.compile(_NEW_AFTER.pattern.replace("|->|=>|:|", "|->|=>|"))
_NOT_THIS = re.compile(
    r"(?:khong phai|chu khong phai|chu khong|chu ko|chu k|ko phai|nham (?:la|thanh|tu)|tu|nham|sai la|sai thanh|(?:minh|em|toi) (?:go|ghi|viet)|bo)\s+(?:la )?(?:ngay |ten |dong chi |d/c |dc |nam |hom )?$"
)
_BECOMES = re.compile(r" (?:thanh|sang|->|=>) ")
_NAME_SAID = re.compile(
    r"\bten\b|chu khong phai(?! (?:ngay |hom |nam |mung )?\d)|chu ko(?! (?:phai )?(?:ngay |hom )?\d)|chu k\b|\bma la\b"
)
_THEN_DAY = re.compile(r" (?:(?:thi|la|sang|thanh|lai|phai|khong|ngay|lam le|ket nap|kn|hom|vao) )*")
_OF = re.compile(r"\b(?:cua|cho|ket nap)\s+(?:dong chi |d/c |dc |anh |chi |em |co |quan chung |chu |bac )?$")
_TYPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (Intent.LOG_OFFICIAL, re.compile(r"chuyen (?:dang )?(?:chinh thuc|ct)|cong nhan chinh thuc|chinh thuc")),
    (Intent.LOG_DECISION, re.compile(r"quyet dinh|\bqd\b")),
    (Intent.PLAN_CEREMONY, re.compile(r"du kien|ke hoach|lich")),
    (Intent.UPDATE_CANDIDATE, re.compile(r"\bxet\b|lop cam tinh|hoc lop|ho so")),
    (Intent.LOG_TRANSFER, re.compile(r"chuyen sinh hoat|chuyen den|chuyen ve|chuyen di|tiep nhan")),
    (Intent.LOG_REMOVAL, re.compile(r"xoa ten|khai tru")),
    (Intent.ADD_CANDIDATE, re.compile(r"\bnguon\b|quan chung")),
    (Intent.LOG_ADMISSION, re.compile(KN)),
)  # fmt: skip


def undo(sentence: Sentence) -> Wish | None:
    """The last entry is taken back, or that of somebody named."""
    if len(sentence.names) == 1 and not sentence.is_question and _UNDO_OF.search(sentence.flat):
        return Wish(Intent.UNDO_RECORD, people=(Named(sentence.names[0].name),))
    is_bare = not sentence.names and not sentence.days and len(sentence.said) < 90
    is_taken_back = (
        _UNDO.search(sentence.said)
        or (_UNDO.search(sentence.flat) and not sentence.days)
        or (is_bare and _TAKEN_BACK.search(sentence.said))
    )
    if not is_taken_back or sentence.is_question:
        return None
    number = re.search(r"(?:so|#|ban ghi|muc)\s*(\d{1,7})\b", sentence.said)
    if number:
        intent = Intent.UNDO_LAST if sentence.said.startswith(("hoan tac", "undo")) else Intent.UNDO_RECORD
        return Wish(intent, number=int(number[1]))
    alone = _owner_alone(sentence)
    people = () if re.search(r"\brut lai tin", sentence.flat) else sentence.people()
    return Wish(Intent.UNDO_LAST, people=people or ((Named(alone),) if alone else ()))


_FORGOT = re.compile(
    r"^(?:(?:a|ah|ui|oi|chet|thoi|u|uh|o)[ ,]+){0,3}(?:em |toi |minh )?(?:ghi |bao )?(?:quen|nham|lon|sai|(?<=a )khong|(?<=a )ko)(?: (?:mat|roi|cai|to)){0,2}[ ,.]+(?=\S)"
)


def forgot(sentence: Sentence) -> Wish | None:
    """`À quên, mùng 4 chứ`: nothing but the right day or name behind the word that takes back."""
    found = _FORGOT.match(sentence.flat) if len(sentence.flat) <= 120 else None
    return (
        answered(Sentence(sentence.original(found.end(), len(sentence.flat)), today=sentence.today)) if found else None
    )


def correct(sentence: Sentence) -> Wish | None:
    """Something of an entry is put right; with a name in "của …" it is that person's entry."""
    flat = sentence.said
    if re.search(r"nham (?:nhom|nguoi|may|so dien thoai)\b", flat) and not sentence.days:
        return None
    if (wish := forgot(sentence)) is not None:
        return wish
    if not _is_wrong(sentence) or re.search(
        r"\bdoi ten (?:thanh|chi bo|cb|thon|xom|ban|khu|ap|to|buon|lang|don vi)\b(?![^;\n]*\b(?:nham|sai)\b)|sua (?:chua|duong|nha|luat|doi (?:bo sung )?quy)|^(?!sua|nham|ghi)(?:chi bo|cb|thon|xom|ban|khu|don vi)\b[^,;\n]{1,60} doi ten (?:thanh|la)|^doi ten (?:chi bo|thon|xom|ban|don vi)|khong phai (?:dang vien|la dang vien)",
        flat,
    ):
        return None
    if re.search(rf"(?:xet|de nghi)[^;\n]{{0,90}}(?:{KN})", flat) and not re.search(r"\bsua\b|\bnham\b", flat):
        return None
    if found := _NUMBERED.match(flat):
        rest = Sentence(sentence.original(found.end(), len(flat)), today=sentence.today)
        return corrected(rest, number=int(found["number"]))
    return corrected(sentence)


def _is_wrong(sentence: Sentence) -> bool:
    """Words of putting right, unless they are part of a name (Giàng Thị Sua)."""
    found = list(_WRONG.finditer(sentence.said))
    return any(not any(name.start <= one.start() < name.end for name in sentence.names) for one in found)


_NUMBERED = re.compile(r"^sua (?:so |ban ghi |muc |#)?(?P<number>\d{1,7})(?: |:)(?! ?(?:thang|/))")


def corrected(sentence: Sentence, *, number: int | None = None) -> Wish | None:
    """What shall be put right; `number` is the entry's where a command gave it."""
    owner = (
        None if number is not None else _owner(sentence) or _redated(sentence) or _reborn(sentence) or _moved(sentence)
    )
    alone = _owner_alone(sentence) if number is None and owner is None and not sentence.names else ""
    record = owner.name if owner else alone
    for read in (_type, _birth_year, _date, _branch, _people, _swapped, _name):
        wish = read(sentence, owner)
        if wish is not None:
            field, new, old, needs, typed_date = wish
            if not record and number is None and field in _OF_RECORDS and _is_of_older(sentence):
                record = sentence.names[0].name
            intent = Intent.CORRECT_RECORD if record or number is not None else Intent.CORRECT_LAST
            found = Wish(
                intent,
                field=field,
                new=new if field != "people" else "",
                old=old,
                remove=new if field == "people" else "",
                record=record,
                number=number,
                typed_date=typed_date,
                needs=needs,
            )
            return _with_facts(sentence, found)
    if number is None and not re.search(
        r"\bsua\b|\bnham\b|\bdinh chinh\b|\bghi sai\b|\bsai (?:ten|ngay)", sentence.said
    ):
        return None
    intent = Intent.CORRECT_RECORD if record or number is not None else Intent.CORRECT_LAST
    return _with_facts(sentence, Wish(intent, record=record, number=number))


_OF_RECORDS = frozenset({"date", "birth_year", "type"})
_JUST_NOW = re.compile(r"\b(?:vua|luc nay|hoi nay|ban nay|khi nay|moi (?:ghi|bao|gui|nhap)|tin)\b")


def _is_of_older(sentence: Sentence) -> bool:
    """Whether the one who is named tells which record is meant, where nothing is said of the last."""
    names = sentence.names
    return len(names) == 1 and names[0].is_full and not _JUST_NOW.search(sentence.said)


_Found = tuple[str, str, str, tuple[Need, ...], str]

_SWAP = re.compile(
    r"(?:^|[:,;.\n]|\bten\b|\bla\b|\bphai la\b|\bsua\b) *(?:(?:dong chi|d/c|dc|anh|chi|em|co|chu|bac|ong|ba|ten|ho) )?(?P<new>[^\W\d]+(?: [^\W\d]+){0,4}?),? chu (?:khong|ko|k|hong|kg)(?: phai)?(?: la)? (?:(?:dong chi|d/c|dc|anh|chi|em|co|chu|bac|ong|ba|ten) )?(?P<old>[^\W\d]+(?: [^\W\d]+){0,4}?)(?: (?:a|nhe|nha|dau|nhen|em|anh))*[ .!]*$"
)
_SWAP_BACK = re.compile(
    r"(?:^|[:,;.\n]) *(?:khong|ko|k|kg) phai(?: la)? (?:(?:dong chi|d/c|dc|anh|chi|em|co|chu|bac|ong|ba|ten) )?(?P<old>[^\W\d]+(?: [^\W\d]+){0,4}?),? ma(?: la)? (?:(?:dong chi|d/c|dc|anh|chi|em|co|chu|bac|ong|ba|ten) )?(?P<new>[^\W\d]+(?: [^\W\d]+){0,4}?)(?: (?:a|nhe|nha|dau|nhen|em|anh))*[ .!]*$"
)
_NO_NAME = frozenset(
    "ngay thang nam hom chi bo cb thon ban xom ket nap kn qd quyet dinh nguon dang vien du bi chinh thuc moi nguoi gi ai la phai co duoc".split()
)


def _swapped(sentence: Sentence, owner: FoundName | None) -> _Found | None:
    """`Hoà chứ không phải Hoa`: names that only the contrast shows to be names."""
    found = _SWAP.search(sentence.flat) or _SWAP_BACK.search(sentence.flat)
    if found is None or any(word in _NO_NAME for group in ("new", "old") for word in found[group].split()):
        return None
    new, old = (proper(sentence.original(*found.span(group))) for group in ("new", "old"))
    return "name", new, old, (), ""


def answered(sentence: Sentence) -> Wish | None:
    """A bare day, name or decision number, as what shall be put right; None where the sentence says anything more."""
    rest = list(sentence.flat)
    for known in (*sentence.days, *sentence.names):
        rest[known.start : known.end] = " " * (known.end - known.start)
    names = sentence.people()
    if len(names) > 1 or not _ONLY_AROUND.fullmatch(_NUMBER_SAID.sub(" ", "".join(rest))):
        return None
    if any(not day.is_month for day in sentence.days):
        found = _date(sentence, None)
        _, new, old, needs, typed_date = found or ("", "", "", (), "")
        wish = Wish(
            Intent.CORRECT_LAST, people=names, field="date", new=new, old=old, needs=needs, typed_date=typed_date
        )
        return _with_facts(sentence, wish)
    if names:
        return Wish(Intent.CORRECT_LAST, field="name", new=names[0].name)
    number = _decision_no(sentence)
    return Wish(Intent.CORRECT_LAST, decision_no=number) if number else None


_CEREMONY_SAID = re.compile(r"\b(?:ngay|buoi|lam|to chuc) le\b")
_NUMBER_SAID = re.compile(
    r"\b(?:so (?:qd|quyet dinh)|(?:qd|quyet dinh) so)(?: (?:la|thanh|sang|dung|phai|lai|moi))*[ :]+(?P<no>\d{1,5}(?: ?[-/] ?[a-z\d]+)*)"
    r"|\b(?:so )?\d{1,5} ?[-/] ?(?:20\d\d ?[-/] ?)?qd(?: ?[-/] ?[a-z]+)*|\b(?:qd|quyet dinh) \d{1,5}(?![\d/])"
)
_ONLY_AROUND = re.compile(
    r"(?:[\s.,:;!()-]|\b(?:a|ah|u|o|da|vang|em|anh|chi|oi|nhe|nha|roi|quen|nham|sai|khong|phai|ma|la|thi|chu|moi|dung|lai|lay|sua|doi|thanh|sang"
    r"|ghi|dong|d/c|dc|ho|va|ten|so|ngay|hom|vao|luc|ky|quyet|dinh|qd|lam|le|to|chuc|buoi|ket|nap|kn|cong|bo|cua)\b)*"
)


def _with_facts(sentence: Sentence, wish: Wish) -> Wish:
    """The same with the decision's number, and with whose day it is: the ceremony's or the decision's."""
    wish = replace(wish, decision_no=_decision_no(sentence))
    if wish.field != "date":
        return wish
    said = _right_days(sentence)
    decided = tuple(day for day, fact in said if fact is Fact.DECISION)
    others = tuple(day for day, fact in said if fact is not Fact.DECISION)
    if decided and others and not wish.new:
        on, trouble, typed_date = settle(others, sentence.today)
        decided_on, decided_trouble, _ = settle(decided, sentence.today)
        if on is not None and decided_on is not None and not (trouble or decided_trouble):
            both = replace(wish, new=str(on), fact=Fact.CEREMONY, decision_date=decided_on)
            return replace(both, typed_date=typed_date, needs=())
    if not wish.new:
        _, trouble, _ = settle(tuple(day for day, _ in said), sentence.today)
        return replace(wish, trouble=trouble)
    facts = {fact for _, fact in said}
    return replace(wish, fact=facts.pop() if len(facts) == 1 else None)


def _right_days(sentence: Sentence) -> list[tuple[Spoken, Fact | None]]:
    """The days that are not said to be wrong, each with its fact; one without its own has that of the wrong one."""
    said: list[tuple[Spoken, Fact | None]] = []
    known: Fact | None = None
    for day, role in zip(sentence.days, sentence.roles, strict=True):
        before = sentence.said[max(0, day.start - 30) : day.start]
        fact = {"decision": Fact.DECISION, "ceremony": Fact.CEREMONY}.get(role)
        if fact is None and _CEREMONY_SAID.search(before):
            fact = Fact.CEREMONY
        if _NOT_THIS.search(before):
            known = fact
        elif not day.is_month:
            said.append((day, fact or known))
    return said


def _decision_no(sentence: Sentence) -> str:
    """`99-QĐ/ĐU`, wherever the sentence has it; a bare number only beside the words for it."""
    if sentence.decision_no:
        return sentence.decision_no
    found = _NUMBER_SAID.search(sentence.flat)
    return sentence.original(*found.span("no")).replace(" ", "") if found and found["no"] else ""


def _owner(sentence: Sentence) -> FoundName | None:
    if len(sentence.names) == 2 and sentence.names[0].is_full:
        first, second = sentence.names
        if _RENAMED.search(sentence.flat[: first.start]) or _BECOMES_NAME.search(
            sentence.flat[first.end : second.start]
        ):
            return first
    for found in sentence.names:
        is_word = found.name.lower() in ("thành", "thanh") and re.match(
            r" \d", sentence.flat[found.end : found.end + 2]
        )
        if not is_word and _OF.search(sentence.flat[max(0, found.start - 30) : found.start]):
            return found
    return None


_OF_ALONE = re.compile(
    r"\bcua (?:dong chi |d/c |dc |anh |chi |em |co |chu |bac )?(?P<name>[a-z]{2,7})(?=$|[ ,](?:la|thanh|sang|ngay|lai|thi|phai|hom|tu)\b)"
)
_NOBODY = frozenset(
    "toi em minh ban ho no chi bo don vi ai nguoi anh hom ngay thang nam dang xa phuong thon nay do".split()
)


_RENAMED = re.compile(
    r"^(?:ho ten|ho va ten|ten)(?: cua)? (?:dong chi |d/c |dc |anh |chi |em )?$|\b(?:doi|sua) (?:lai )?ten (?:cho )?(?:dong chi |d/c |dc |anh |chi |em )?$|\bten\b[^,;\n]{0,30}\bdang (?:la|ghi)(?: la)? $"
)
_BECOMES_NAME = re.compile(
    r"\b(?:ghi |viet )?sai ten\b[^;\n]{0,30}\b(?:la|thanh) (?:dong chi |d/c |dc |anh |chi |em )?$|\b(?:sua|doi)(?: lai)? ten(?: lai)?(?: giup(?: em| toi)?)? (?:thanh|la) (?:dong chi |d/c |dc |anh |chi |em )?$"
)


def _owner_alone(sentence: Sentence) -> str:
    """A given name in small letters: `huy cai vua ghi cua binh`."""
    found = _OF_ALONE.search(sentence.flat)
    if found is None or found["name"] in _NOBODY:
        return ""
    return sentence.original(*found.span("name")).title()


def _reborn(sentence: Sentence) -> FoundName | None:
    """Whose year of birth it is: `Lò Văn Xôm sinh năm 1989 chứ không phải 1998`."""
    if len(sentence.names) != 1 or _NAME_SAID.search(sentence.said[: sentence.names[0].start]):
        return None
    after = re.match(r"[ ,]*(?:sn|ns|sinh|nam sinh)\b", sentence.flat[sentence.names[0].end :])
    return sentence.names[0] if after else None


def _redated(sentence: Sentence) -> FoundName | None:
    """Whose day it is, where a name stands right before the day: `sửa Hoàng Thị Sen ngày 18/11`."""
    if not sentence.names or _NAME_SAID.search(sentence.said):
        return None
    for day in sentence.days:
        before = [name for name in sentence.names if name.end <= day.start]
        if before and _NEW_WORD.search(sentence.flat[max(0, before[-1].start - 24) : before[-1].start]):
            return None
        if not day.is_month and before and _THEN_DAY.fullmatch(sentence.flat[before[-1].end : day.start]):
            return before[-1]
    return None


def _moved(sentence: Sentence) -> FoundName | None:
    """Whose branch it is: `Vừ A Ca thuộc bản Háng Đồng chứ không phải bản Xím Vàng`."""
    if len(sentence.names) != 1 or not sentence.branches or sentence.days:
        return None
    name, place = sentence.names[0], sentence.branches[-1]
    is_told = re.search(
        r"\b(?:thuoc|nham chi bo|nham cb|sai chi bo|phai o|chu khong phai)\b", sentence.flat[name.end : place.start]
    )
    return name if is_told else None


def _type(sentence: Sentence, owner: FoundName | None) -> _Found | None:
    found = re.search(
        r"(?:la|phai la|ra la) (?P<new>[^;,\n]{3,40}?),? chu (?:khong|ko|k)(?: phai)?(?: la)? (?P<old>[^;\n]{2,40})$",
        sentence.said,
    ) or re.search(
        r"(?:khong phai|chua phai|nham)(?: la)? (?P<old>[^;\n]*?)(?:,| ma| chi)(?: la| moi| chi)* (?P<new>[^;\n]+)$",
        sentence.said,
    )
    found = found or re.search(
        r"\b(?:ghi|bao|nhap|luu|de)(?: la| thanh)? (?P<old>[^;\n]*?),? (?:nhung )?(?:thuc ra|that ra|thiet ra|dung ra)(?: la| chi| moi)* (?P<new>[^;\n]+)$",
        sentence.said,
    )
    if found is None:
        return None
    old = next((intent for intent, pattern in _TYPES if pattern.search(found["old"])), "")
    new = next((intent for intent, pattern in _TYPES if pattern.search(found["new"])), "")
    if not old or not new or old == new:
        return None
    return "type", str(new), str(old), (), ""


def _birth_year(sentence: Sentence, owner: FoundName | None) -> _Found | None:
    if not re.search(r"\b(?:sn|nam sinh|sinh nam|sinh|ns)\b", sentence.said):
        return None
    years = [
        (found.start(), found[0]) for found in re.finditer(r"(?<![\d/])(?:19[4-9]\d|20[01]\d)(?![\d/])", sentence.said)
    ]
    if not years:
        return None
    wrong = [year for at, year in years if _NOT_THIS.search(sentence.flat[max(0, at - 30) : at])]
    right = [year for _, year in years if year not in wrong]
    return ("birth_year", right[-1], wrong[0] if wrong else "", (), "") if right else None


def _date(sentence: Sentence, owner: FoundName | None) -> _Found | None:
    spoken = [day for day in sentence.days if not day.is_month]
    if not spoken:
        if re.search(r"\b(?:sai|nham|sua|doi)(?: lai)? (?:ngay|hom)\b", sentence.said):
            return "date", "", "", (Need.DATE,), ""
        return None
    wrong = [day for day in spoken if _NOT_THIS.search(sentence.flat[max(0, day.start - 30) : day.start])]
    right = [day for day in spoken if day not in wrong]
    if len(right) > 1:
        right = [day for day in right if _NEW_AFTER.search(sentence.flat[max(0, day.start - 20) : day.start])] or right
    if not right:
        return "date", "", "", (Need.DATE,), ""
    on, trouble, typed_date = settle(tuple(right), sentence.today)
    if on is None or trouble is not None:
        return "date", "", "", (Need.DATE,), typed_date
    old, _, _ = settle(tuple(wrong), sentence.today)
    return "date", str(on), str(old) if old else "", (), typed_date


def _branch(sentence: Sentence, owner: FoundName | None) -> _Found | None:
    if not sentence.branches:
        return None
    wrong = [
        place for place in sentence.branches if _NOT_THIS.search(sentence.flat[max(0, place.start - 30) : place.start])
    ]
    right = [place for place in sentence.branches if place not in wrong]
    if not right or (
        len(sentence.names) > 0
        and owner is None
        and not re.search(r"\b(?:sai|nham|sua|doi)(?: lai)? (?:chi bo|cb|thon)", sentence.said)
    ):
        return None
    return "branch", right[-1].name, wrong[0].name if wrong else "", (), ""


def _people(sentence: Sentence, owner: FoundName | None) -> _Found | None:
    found = (
        re.search(
            r"\b(?:bo|go|xoa|loai|gach|bot|khong co|rut)\b(?: ten)? (?:dong chi |d/c |dc |anh |chi |em )?$",
            sentence.flat[: sentence.names[0].start],
        )
        if len(sentence.names) == 1
        else None
    )
    if found is None:
        return None
    return "people", sentence.names[0].name, "", (), ""


def _name(sentence: Sentence, owner: FoundName | None) -> _Found | None:
    others = [found for found in sentence.names if found is not owner]
    if not others:
        return (
            ("name", "", "", (Need.NEW_NAME,), "")
            if re.search(r"\b(?:sai|nham|sua|doi|thay)(?: lai)? ten\b", sentence.said) and not _swapped(sentence, owner)
            else None
        )
    wrong = [
        name
        for name in others
        if _BECOMES.match(sentence.flat, name.end)
        or _NOT_THIS.search(sentence.flat[max(0, name.start - 30) : name.start])
    ]
    right = [name for name in others if name not in wrong]
    if len(right) > 1:
        right = [
            name for name in right if _NEW_AFTER.search(sentence.flat[max(0, name.start - 24) : name.start])
        ] or right
        wrong = wrong or [name for name in others if name not in right][:1]
    if len(right) != 1:
        return "name", "", "", (Need.NEW_NAME,), ""
    return "name", right[0].name, wrong[0].name if wrong else "", (), ""
