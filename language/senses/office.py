"""The office around the records: files, nudges, posts, units, settings, and a person's own data."""

import re
from datetime import date

from domain.intents import Intent, Need, Wish
from language.periods import week
from language.plain import fits, fold
from language.senses.reminders import last_day_of_rest, resting_until
from language.sentence import Sentence, settle
from language.spelling import proper

_PRIVACY: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("erase", re.compile(r"(?:xoa|huy)(?: het| toan bo| bo| giup| moi| tat ca)* (?:du lieu|thong tin|ho so ca nhan|ten|dl)[^;\n]{0,90}\b(?:toi|em|minh|ca nhan|cua (?:anh|chi|dong chi|ban))|(?:xoa|quen) (?:toi|em|minh) (?:khoi|di)")),
    ("restrict", re.compile(r"\bdung (?:xu ly|su dung|dung|luu|chia se) (?:du lieu|thong tin)[^;\n]{0,20}(?:toi|em|minh)|(?:ngung|dung|han che|tam dung|khong dong y)(?: cho)?(?: viec)? (?:xu ly|su dung|dung|luu)(?: tru)? (?:du lieu|thong tin)[^;\n]{0,90}(?:toi|em|minh|ca nhan)")),
    ("access", re.compile(r"\bxem\b[^;\n]{0,20}(?:du lieu|thong tin)(?: ca nhan)? cua (?:toi|em|minh)")),
    ("copy", re.compile(r"ban sao (?:du lieu|thong tin)|(?:gui|xuat|cho)(?: \w+){0,3} (?:ban sao|(?:mot |1 )?ban (?:du lieu|thong tin)|toan bo du lieu|du lieu cua (?:toi|em|minh))|tai (?:ve )?du lieu cua (?:toi|em|minh)")),
    ("correct", re.compile(r"(?:thong tin|du lieu)(?: ca nhan)? (?:cua|ve) (?:toi|em|minh)[^;\n]{0,20}\b(?:sai|khong dung|nham|chua dung)\b|(?:sua|dinh chinh|cap nhat)(?: lai)? (?:thong tin|du lieu)(?: ca nhan)?(?: cua)? (?:toi|em|minh|ca nhan)")),
    ("access", re.compile(r"(?:luu|giu|biet|co)(?: nhung| giu| tru)*(?: thong tin| du lieu)?(?: gi| nhung gi| nao)(?: \w+)? (?:ve|cua|lien quan den) (?:toi|em|minh)|(?:xem|kiem tra|biet)[^;\n]{0,30}(?:du lieu|thong tin)(?: ca nhan)?(?: cua)? (?:toi|em|minh)|du lieu (?:ca nhan )?cua (?:toi|em|minh)|thong tin nao ve (?:toi|em|minh)")),
)  # fmt: skip
_PICTURE = re.compile(
    r"\b(?:anh|hinh|ban)(?: (?:chup|scan|the|mat))+(?: \w+)?[^;\n]{0,12} (?:cccd|cmnd|can cuoc|chung minh|giay to|the dang|ho khau|khai sinh|bang cap)"
)
_CONSENT_GONE = re.compile(
    r"rut (?:lai )?(?:su |y kien )?dong y|(?:khong|ko|k|chua|het)(?: con)? (?:dong y|cho phep|cho|bang long|muon)(?: bot| may)?(?: cho)? (?:ghi|luu|dung|de|giu)(?: lai)? (?:ho ten|ten|thong tin|du lieu)"
)
_CONSENT = re.compile(
    r"\b(?:dong y|cho phep|bang long)\b[^;\n]{0,16}\b(?:ghi|luu|de|nhap|dua)\b[^;\n]{0,12}\b(?:ten|thong tin|du lieu)\b|(?:da )?dong y (?:cho )?(?:ghi|luu|de|nhap|dua)(?: bot)?(?: \w+)? ?(?:ten|thong tin|du lieu)|(?:da )?(?:ky|co) (?:giay |phieu |ban )dong y|da (?:ky|co) dong y|dong y (?:cho )?(?:xu ly|dung|su dung) (?:du lieu|thong tin)|dong y (?:ghi|luu) ten"
)
_REPORT = re.compile(
    r"\b(?:xuat|tai|in|lam|lap|gui|cho|xin|can|trich|tong hop|lay)\b[^;\n?]{0,50}\b(?:excel|xlsx|pdf|word|docx|file|bieu|bao cao)\b|^(?:cho (?:toi|em|minh) )?(?:xuat|trich|in|tai|lap) (?:ra )?(?:danh sach|ds|so lieu|bang)\b|\bbieu (?:so )?2\b|2-btctw|\bfile (?:excel|tong hop|bao cao)|\b(?:excel|xlsx|pdf|docx)\b"
)
_FORMATS = (("xlsx", r"excel|xlsx|xls\b|bang tinh"), ("docx", r"word|docx|doc\b"), ("pdf", r"\bpdf\b"))
_NUDGE = re.compile(
    r"^(?:don doc|giuc) (?:chi bo|cb|thon|ban|lang|buon|xom|ap|to|khu|truong)\b|\b(?:nhac|don doc|dd|giuc)\b[^;\n]{0,60}\b(?:chua (?:bao cao|nop|gui|bc|co bao cao)|cham bao cao|cac chi bo|cac don vi|chi bo|bi thu)|\bnhac (?:nhung )?(?:chi bo|don vi|ai)|chua (?:bao cao|nop|gui|bc)[^;\n?]{0,20}\b(?:nhac|giuc|don doc)\b"
)
_SETTINGS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("allow", "no", re.compile(r"(?:tat|dung|ngung|thoi|tam dung|nghi)[^;\n]{0,20}(?:nhac|thong bao)[^;\n]{0,20}(?:den|toi|het) (?:het )?(?:ngay )?\d{1,2}[/.\-]\d")),
    ("quiet", "evening", re.compile(r"\bdung (?:lam phien|quay ray)[^;\n]{0,16}(?:buoi toi|ban dem|dem)|(?:buoi toi|ban dem|ban toi|sau \d+ ?(?:h|gio)(?: toi)?)[^;\n]{0,12}(?:dung|khong|ko|tat|thoi)[^;\n]{0,12}(?:nhac|gui|nhan)|(?:dung|khong|ko|tat|thoi)[^;\n]{0,25}(?:nhac|gui|nhan)[^;\n]{0,25}(?:buoi toi|ban dem|toi|sau \d+ ?(?:h|gio)|ban toi|dem)|yen lang buoi toi")),
    ("schedule", "weekly", re.compile(r"(?:nhac|gui|bao)[^;\n]{0,40}(?:hang tuan|moi tuan|tung tuan|tuan mot lan|1 tuan 1 lan|theo tuan)|(?:moi|hang) tuan[^;\n]{0,30}(?:nhac|gui)")),
    ("schedule", "monthly", re.compile(r"(?:nhac|gui|bao)[^;\n]{0,40}(?:hang thang|moi thang|theo thang|thang mot lan)|(?:moi|hang) thang[^;\n]{0,30}(?:nhac|gui)")),
    ("allow", "no", re.compile(r"(?:tat|dung|ngung|thoi|tam dung|tam ngung|nghi)(?: het| gui| nhan)* (?:nhac|nhac nho|thong bao|gui tin|nhac viec)|dung nhac|khong (?:can |muon )?(?:nhan |bi )?(?:nhac|thong bao)")),
)  # fmt: skip
_MERGE = re.compile(
    r"\b(?:gop|sap nhap|hop nhat|sat nhap|(?<!dang )(?<!truy )nhap)\b[^;\n]{0,60}(?:chi bo|thon|xom|ban|vao|voi|dang bo)|\b(?:chi bo|thon)[^;\n]{0,60}(?:sap nhap|sat nhap|hop nhat)"
)
_SPLIT = re.compile(
    r"\b(?:chia tach|tach)\b[^;\n]{0,40}(?:chi bo|thon|dang bo)|chi bo[^;\n]{0,40}\b(?:chia tach|tach (?:ra|thanh|lam))"
)
_RENAME = re.compile(
    r"(?:chi bo|thon|don vi)[^;\n]{0,60}\b(?:doi ten (?:thanh|la)|(?:lay|mang) ten(?: moi)?\b)|doi ten (?:chi bo|thon|don vi)"
)
_REGISTER = re.compile(
    r"^(?:xin |cho em |cho toi )?dang ky ?:|\bdang ky cho (?:toi|em|minh|chau)\b|\bmoi nhan (?:nhiem vu|chuc|viec)[^;\n]{0,20}bi thu|\b(?:toi|em|minh|chau)(?: ten)? la\b[^;\n]{0,90}\b(?:bi thu|pho bi thu|chi uy|dang uy|van phong|can bo|bi thu chi bo)|dang ky (?:su dung|dung bot|tai khoan|tham gia|vao bot)|xin (?:vao (?:bot|nhom|he thong|so)|tham gia (?:bot|nhom|he thong)|gia nhap|cap quyen|ma moi)"
)
_ROLE = re.compile(
    r"\b(?:pho )?(?:bi thu|btcb)\b(?: chi bo)?[^;\n]{0,40}\b(?:moi la|moi:|thay (?:toi|em|bang|cho)|nghi|thoi lam|nghi huu)|\b(?:ban giao|giao lai)\b[^;\n]{0,40}(?:bi thu|cong viec|cho)|(?:tu nay|tu hom nay|tu ngay)[^;\n]{0,50}(?:lam bi thu|thay toi|thay em)|thay (?:toi|em) lam (?:pho )?bi thu|\blen lam (?:pho )?bi thu\b|\b(?:thay|doi) (?:pho )?bi thu\b[^;\n]{0,20}\bla\b|\b(?:toi|em) (?:nghi|thoi|khong con|het)(?: lam| giu)? (?:pho )?bi thu"
    r"|\bbi thu\b[^;\n]{0,40}\b(?:bay gio|gio|hien nay|nay|moi)(?: da| se| thi)? la\b|\bbi thu moi\b|\b(?:thoi|nghi|khong)(?: lam| giu| con lam| con giu)+(?: chuc)? (?:pho )?bi thu\b"
    r"|\b(?:bau|chi dinh|bo nhiem|cu|trung cu|dac cu)\b[^;\n]{0,50}\b(?:lam|giu|chuc|nhiem vu|trung cu|dac cu|chuc vu)(?: chuc)? (?:pho )?bi thu(?! (?:chi )?doan)\b|\b(?:trung cu|dac cu|giu chuc) (?:pho )?bi thu(?! (?:chi )?doan)\b|\bbau (?:lai )?(?:pho )?bi thu(?! (?:chi )?doan)\b"
)
_NOBODY = re.compile(
    r"(?:khong|ko|k|chang|het) (?:con )?(?:quan chung|nguon|doi tuong|ai(?= de| nua|$)|nguoi)(?: nao)?[^;\n]{0,20}(?:de (?:ket ?nap|phat trien|kn|gioi thieu)|nua|ca|dang vien het|$)|(?:toan|deu|100%|tat ca)(?: bo)?(?: la)? (?:la )?dang vien(?: het| ca| roi)|het nguon\b"
)
_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("secretary", re.compile(r"(?:pho )?bi thu (?:chi bo|cb|thon|ban|xom|khu)|\bbtcb\b|chi uy|secretary")),
    ("organiser", re.compile(r"ban to chuc|ban xay dung dang|to chuc (?:dang uy|huyen uy)|can bo to chuc|organiser")),
    ("monitor", re.compile(r"phu trach|cap uy vien|dang uy vien|theo doi|monitor")),
    ("committee", re.compile(r"(?:pho )?bi thu dang uy|dang uy|van phong|thuong truc|committee")),
    ("introducer", re.compile(r"doan the|doan thanh nien|bi thu doan|\bhoi\b|cong doan|mat tran|introducer")),
    ("admin", re.compile(r"quan tri|ky thuat|admin")),
    ("secretary", re.compile(r"bi thu")),
)  # fmt: skip

_TITLE = re.compile(
    r"\b(?:pho )?bi thu (?:chi bo|cb|dang uy|doan|chi doan)|\b(?:pho )?bi thu\b|\b(?:pho )?bi thu(?= chi bo)|\bchi uy vien\b|\bchi uy\b|\bdang uy vien\b|\bvan phong dang uy\b|\bcan bo (?:van phong|to chuc|dang uy|ban xay dung dang)|\bban xay dung dang\b|\bban to chuc\b|\bbtcb\b"
)
_SELF = re.compile(
    r"(?:^(?:toi|em|chau|minh)(?=(?: [^\W\d]+){2,5}? (?:pho )?bi thu)|\b(?:toi|em|minh|chau|ten)(?: ten)?(?: la|:)|\b(?:toi|em|chau|minh|ho) ten|[,;] ?ten)\s*(?P<name>[^\W\d][^\W\d']*(?: [^\W\d][^\W\d']*){1,5}?)(?=\s*(?:[,.;:\n(-]|$)|\s(?:bi thu|pho bi thu|chi uy|dang uy|van phong|can bo|o|xin|muon|hien|la|moi|vua|thuoc|dang ky)\b)"
)
_COMMUNE = re.compile(
    r"\b(?P<kind>xa|phuong|thi tran|dac khu)\s(?P<name>[^\W\d]+(?: (?!xin\b|muon\b|dang ky\b|huyen\b|tinh\b|nho\b|de\b|vao\b|a$)[^\W\d]+){0,3}|\d{1,2})"
)
_LEVELS = {"xa": "xã", "phuong": "phường", "thi tran": "thị trấn", "dac khu": "đặc khu"}
_NEW_NAME = re.compile(
    r"\b(?:doi ten (?:thanh|la|moi la)|(?:lay|mang) ten(?: moi)?(?: la)?)(?: chi bo| cb)? (?P<name>[^,;.\n]{2,50}?)(?=[,;.\n]|$| (?:a|nhe|tu ngay|tu)\b)"
)


def role_of(flat: str) -> str:
    """The code of a role behind its title, or nothing."""
    return next((role for role, pattern in _ROLES if pattern.search(flat)), "")


def personal(sentence: Sentence) -> Wish | None:
    """Somebody's own data, or their consent; a picture of papers is of neither use."""
    if _PICTURE.search(sentence.said) and not re.search(r"ket ?nap|\bkn\b", sentence.said):
        return Wish(Intent.SENSITIVE_CONTENT, people=sentence.people()[:1], redact=("document_image",))
    for kind, pattern in _PRIVACY:
        if pattern.search(sentence.said):
            return Wish(Intent.PRIVACY_REQUEST, people=sentence.people(), extra=(("type", kind),))
    if sentence.is_question:
        return None
    if _CONSENT_GONE.search(sentence.said):
        return Wish(Intent.CONSENT_RECORD, people=sentence.people(), extra=(("consent", "withdrawn"),))
    if _CONSENT.search(sentence.said):
        return Wish(Intent.CONSENT_RECORD, people=sentence.people(), extra=(("consent", "given"),))
    return None


def nobody_left(sentence: Sentence) -> Wish | None:
    """A branch that has nobody left to admit."""
    if sentence.is_question or sentence.names or not _NOBODY.search(sentence.said):
        return None
    return Wish(Intent.NOBODY_LEFT, branch=sentence.branch)


def affairs(sentence: Sentence) -> Wish | None:
    """Files, nudges, settings, units and posts."""
    flat = sentence.said
    if (
        not re.search(r"\b(?:nhac|giuc|don doc)\b", flat)
        and (_REPORT.search(flat) or re.search(r"^bao cao (?:thang|quy|nam)[^,;\n]{0,20}$", flat))
        and not re.search(r"ket ?nap (?:duoc|dc|moi)|\bkn (?:duoc|dc)", flat)
        and not (sentence.names and sentence.days)
    ):
        return requested(sentence)
    if (
        (
            _NUDGE.search(flat)
            or re.search(r"\b(?:gui tin )?(?:nhac|giuc)\b[^;\n]{1,50}\b(?:bao cao|nop|gui bao cao)\b|thi nhac\b", flat)
            or (
                sentence.branch and re.search(r"^(?:gui tin )?(?:don doc|giuc|nhac(?: nho)?) (?!lai|toi|em|minh)", flat)
            )
        )
        and (not sentence.is_question or re.search(r"(?:thi|bao cao|nop|gui|bc) (?:nhac|giuc|don doc)", flat))
        and not re.search(r"(?:dung|tat|thoi) nhac|nhac toi|nhac em", flat)
    ):
        return nudged(sentence)
    if re.match(r"toi (?:dung|khong|ko) (?:nhac|gui|nhan)\b", flat) and sentence.text.lower().startswith("tối"):
        return Wish(Intent.REMINDER_SETTINGS, extra=(("quiet", "evening"),))
    for field, said, pattern in _SETTINGS:
        if pattern.search(flat):
            day = re.search(r"\b(?:thu|ngay|mung|mong) (\d{1,2})\b|\bt([2-7])\b", flat)
            until = resting_until(sentence) if field == "allow" else ""
            more = (
                (("pause_until", until),) if until else (("day", day[1] or day[2]),) if day and field != "allow" else ()
            )
            return Wish(Intent.REMINDER_SETTINGS, extra=((field, said), *more))
    if sentence.is_question:
        return None
    for kind, pattern in (("merge", _MERGE), ("split", _SPLIT), ("rename", _RENAME)):
        if pattern.search(flat) and not re.search(r"nhap (?:giup|vao so|nguon|ngu)|vao nguon", flat):
            return reorganised(sentence, kind)
    if _ROLE.search(flat) and not re.search(
        r"quan chung|\bnguon\b|ho so|dang k[yi]|ghi danh|\bbi thu (?:chi )?doan\b", flat
    ):
        return handed_over(sentence)
    if _REGISTER.search(flat) and not re.search(r"ket ?nap|\bkn\b|nguon|quan chung|lop|chi tieu", flat):
        return registering(sentence)
    return None


def settled(sentence: Sentence) -> Wish | None:
    """How somebody wants to be reminded: how often, not in the evening, or not until a day."""
    flat = sentence.said
    extra: tuple[tuple[str, str], ...] = ()
    often = re.search(
        r"(?P<week>\b(?:hang|moi|tung|theo|1|mot) tuan\b|tuan (?:nao|mot|1)\b|thu \w+ nao)|(?P<month>\b(?:hang|moi|tung|theo|1|mot) thang\b|thang (?:nao|mot|1)\b|^cu (?:ngay|mung)\b|cuoi thang|dau thang)",
        flat,
    )
    if often:
        extra = (("schedule", "weekly" if often["week"] else "monthly"),)
        if day := re.search(r"\b(?:ngay|mung|mong)(?: mung)? (\d{1,2})\b", flat):
            extra = (*extra, ("day", day[1]))
    elif re.search(r"\b(?:buoi toi|toi|dem|khuya|sau \w+ (?:gio|h))\b", flat) and not sentence.days:
        extra = (("quiet", "evening"),)
    else:
        on, _, _ = settle(sentence.days, sentence.today, is_plan=True)
        until = last_day_of_rest(sentence) or (str(on) if isinstance(on, date) else "")
        extra = (("allow", "no"), ("pause_until", until)) if until else ()
    return Wish(Intent.REMINDER_SETTINGS, extra=extra) if extra else None


def nudged(sentence: Sentence) -> Wish:
    """Somebody below is to be reminded."""
    is_silent = re.search(r"chua (?:bao cao|bao\b|nop|gui|bc|co bao cao)|cham bao cao", sentence.said)
    extra = (("target", "not_reported"),) if is_silent else ()
    period = sentence.period.value if sentence.period else ""
    return Wish(Intent.SEND_REMINDER, branch=sentence.branch, period=period, extra=extra)


def reorganised(sentence: Sentence, kind: str) -> Wish:
    """Units are merged, split or renamed."""
    first = sentence.branches[0].name if sentence.branches else ""
    others = [place.name for place in sentence.branches[1:]]
    key = "name" if kind == "rename" else "with"
    extra: list[tuple[str, str]] = [("type", kind)]
    if kind == "rename" and not others and (found := _NEW_NAME.search(sentence.flat)):
        others = [sentence.original(*found.span("name"))]
    if kind != "split":
        extra += [(key, name) for name in others[:1]]
    new = others[1:2] if kind == "merge" else others[:1] if kind == "split" else []
    extra += [("name", name) for name in new]
    needs = () if kind == "rename" or any(told == "name" for told, _ in extra) else (Need.NEW_NAME,)
    return Wish(Intent.ORG_CHANGE, branch=first, date=_since(sentence), needs=needs, extra=tuple(extra))


def _since(sentence: Sentence) -> date | None:
    """From when a change counts: the nearest such day, passed or still to come."""
    today = sentence.today
    each = (settle(sentence.days, today, is_plan=is_plan)[0] for is_plan in (False, True))
    return min((on for on in each if isinstance(on, date)), key=lambda on: abs(on - today), default=None)


_LEAVING_BEFORE = re.compile(
    r"\b(?:thay(?: the)?(?: cho)?|khong phai|khong con|tu|thoi chuc|chuc cua)(?: la)?(?: (?:dong chi|d/c|dc|anh|chi|ong|ba|co|chu|bac))? $"
)
_LEAVING_AFTER = re.compile(
    r"(?: (?:da|vua|xin|moi|se|duoc))*(?:,? (?:thoi|nghi|khong lam|ko lam|ve huu|ve nghi|het|chuyen|ban giao|mat|nua\b|om))"
)


def handed_over(sentence: Sentence) -> Wish:
    """A post has a new holder: the last who is named and does not leave it."""
    coming = [
        name.name
        for name in sentence.names
        if not _LEAVING_BEFORE.search(sentence.flat[max(0, name.start - 30) : name.start])
        and not _LEAVING_AFTER.match(sentence.flat, name.end)
    ]
    holder = coming[-1] if coming else sentence.names[0].name if len(sentence.names) == 1 else ""
    extra = [("new_holder", holder)] if holder else []
    if title := _TITLE.search(sentence.flat):
        extra.append(("title", sentence.original(*title.span())))
    return Wish(Intent.ROLE_CHANGE, branch=sentence.branch, date=_since(sentence), extra=tuple(extra))


def registering(sentence: Sentence) -> Wish:
    """Somebody new tells who they are."""
    said = sentence.flat
    extra: list[tuple[str, str]] = []
    if marked := sentence.marks.people:
        extra.append(("name", proper(sentence.original(marked[0].start, marked[0].end))))
    elif found := _SELF.search(said):
        words = proper_name(sentence.original(*found.span("name")))
        extra += [("name", words)] if words else []
    if role := role_of(sentence.said):
        extra.append(("role", role))
    if title := _TITLE.search(said):
        extra.append(("title", sentence.original(*title.span())))
    commune = _COMMUNE.search(said)
    branch = sentence.branch
    if commune and fits(sentence.original(*commune.span("kind")), _LEVELS[commune["kind"]]):
        above = sentence.original(*commune.span())
        extra.append(("commune", above))
        branch = "" if branch and branch in above else branch.removesuffix(above).strip(" ,-/")
    return Wish(Intent.REGISTER, branch=branch, extra=tuple(extra))


def proper_name(typed: str) -> str:
    """A name that may be somebody's own, written as names are; nothing if it is a title or a sentence."""
    words = typed.split()
    if not 2 <= len(words) <= 6 or _TITLE.match(fold(typed)):
        return ""
    return proper(typed)


def requested(sentence: Sentence) -> Wish:
    """A file or a report is asked for."""
    flat = sentence.said
    extra: list[tuple[str, str]] = []
    for name, pattern in _FORMATS:
        if re.search(pattern, flat):
            extra.append(("format", name))
            break
    if re.search(r"bieu (?:so )?2\b|2-btctw|mau 2\b", flat):
        extra.append(("report", "2-BTCTW"))
    elif re.search(r"bao cao thang|hang thang|so lieu thang", flat):
        extra.append(("report", "monthly"))
    elif re.search(r"ket ?nap|\bkn\b|dang vien moi", flat):
        extra.append(("report", "admissions"))
    for word, name in (("chi bo", "branch"), ("gioi", "gender"), ("nam nu", "gender"), ("dan toc", "ethnicity")):
        if re.search(rf"(?:theo|chia theo|tung) [^;\n]{{0,90}}{word}", flat):
            extra.append(("group_by", name))
    return Wish(
        Intent.REQUEST_REPORT,
        branch=sentence.branch,
        period=sentence.period.value if sentence.period else week(flat, today=sentence.today),
        extra=tuple(extra),
    )
