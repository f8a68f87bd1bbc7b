"""Quotas and questions: how many are left, who is white, who stands where, which rule applies."""

import re

from domain.intents import Intent, Item, Wish
from domain.quotas import TargetShape
from domain.records import Stage
from language.numbers import NUMBER, Target, read_target
from language.periods import week
from language.senses.candidate import is_added_plainly
from language.senses.unit_named import ABOVE, unit_named
from language.sentence import KN, NOT, Sentence

_CHILDREN = re.compile(
    r"\b(?:chi bo|don vi|cb|thon|to chuc|dang bo|xa|phuong|noi|xom|ban|co so) nao|\b(?:bao nhieu|may) (?:chi bo|don vi|cb|thon|dang bo|xa|phuong)\b|\b(?:cac|tung|moi|nhung|toan bo|tat ca|ca \d{1,4}) (?:chi bo|don vi|cb|thon|to chuc|dang bo)|\bcap duoi|truc thuoc|top \d|(?<!quy )(?<!thang )(?<!nam )(?<![\d\-/])\d{1,3} (?:chi bo|don vi)"
)
_COMMITTEE = re.compile(
    r"\b(?:toan|ca) (?:dang bo|dang uy|xa|phuong|huyen|thanh pho|tinh|thi tran|thi xa)|\b(?:dang bo|dang uy|xa|phuong) (?:minh|ta|toi|em|nha|nay|chung ta|con|da|duoc|dat|ket nap|kn|the nao|nam)|\bdang bo\b"
)
_ASSIGNED = re.compile(
    r"don vi (?:cua )?(?:toi|em|minh)(?! (?:con|duoc|dat|da))|(?:toi|em|minh) (?:duoc )?(?:phan cong )?(?:phu trach|theo doi)|phu trach|duoc phan cong"
)
_ZERO = re.compile(
    rf"\btrang\b|\b{NOT} (?:co |the )?(?:{KN})(?: duoc| dc)?(?: ai| nguoi nao| dang vien nao| dv nao| dong chi nao)?|\b{NOT} co (?:ai|dang vien moi|nguoi nao)|\b(?:bang|la) (?:0|khong)\b|so 0|con (?:0|so khong)"
)
_PERCENT = re.compile(
    r"ty le hoan thanh|phan tram|%|ty le(?! [^;\n]{0,60}dang vien)|ti le(?! [^;\n]{0,60}dang vien)|\bpt\b"
)
_RATE = re.compile(
    r"(?:ty le|ti le|phan tram|%|so)[^;\n]{0,90}(?:tren|voi|so voi)[^;\n]{0,90}(?:tong so )?(?:dang vien|dv)|ty le (?:ket nap|phat trien)(?: dang)?(?: vien)?[^;\n]{0,90}tong"
)
_COMPARE = re.compile(
    r"\b(?:so (?:voi|vs)|hon|bang|kem|tang|giam)\b[^;\n]{0,30}(?:nam ngoai|nam truoc|cung ky|nam \d{4})|cung ky"
)
_SLOWEST = re.compile(
    r"cham nhat|thap nhat|yeu nhat|it nhat|kem nhat|cuoi bang|doi so|dung cuoi|dung chot|\bbet\b|cham tien do|\bcham\b|dang cham|tut lai"
)
_MET = re.compile(
    r"(?:da |duoc )?(?:dat|du|xong|hoan thanh|vuot|ve dich|can dich)(?: du)?(?: \d+%)? ?(?:chi tieu|ct|ke hoach|kh|chua|roi|nao|\?|$)|nao (?:da )?(?:dat|xong|hoan thanh|du|vuot|ve dich)"
)
_SUB = re.compile(
    r"chi tieu (?:nho|thanh phan|rieng|nu\b|dan toc|thanh nien|theo|nong thon|thon ban|tung loai|chi tiet)"
)
_REMAINING = re.compile(
    rf"con (?:may|bao nhieu|lai|thieu|phai|no|bn|nhieu)|thieu (?:may|bao nhieu|bn|nua)|(?:may|bao nhieu|bn)(?: nguoi| dong chi| d/c| dc| dv| dang vien| chi tieu)? nua|(?:nua )(?:thi |la |moi )?(?:du|dat|xong)|con thieu|chi tieu[^;\n]{{0,90}}con\b|{KN} them (?:may|bao nhieu)"
)
_TARGET = re.compile(
    r"(?:chi tieu|ct|giao|duoc giao|ke hoach)[^;\n]{0,90}(?:bao nhieu|la may|may|the nao|bn|gi\b|la sao)|(?:bao nhieu|may) chi tieu|chi tieu (?:nam|cua|la)\b|xem chi tieu|^chi tieu"
)
_PROGRESS = re.compile(
    r"tien do|the nao(?: roi)?|den dau|toi dau|tinh hinh|ket qua|sao roi|ra sao|\bntn\b|bang tong hop|tong hop|xep hang|cap nhat tinh hinh"
)
_COUNT = re.compile(
    rf"(?:{KN}|phat trien)[^;\n]{{0,90}}(?:may|bao nhieu|bn|nhung ai|ai)\b|(?:may|bao nhieu|bn|nhung ai|ai)\b[^;\n]{{0,90}}(?:{KN}|dang vien moi)|so (?:dang vien|nguoi|dv) (?:moi )?(?:ket nap|da ket nap)|da ket nap duoc (?:may|bao nhieu)"
)
_QUOTA_WORD = re.compile(
    rf"chi tieu|^ty le hoan thanh|^ct (?:nam|cua|quy|con|duoc|giao|la)|\bctieu\b|tien do|\btrang\b|{KN}|dang vien moi|cung ky|don vi (?:cua )?(?:toi|em|minh|nao)|phu trach|chi bo nao|ke hoach nam|phat trien dang|nua (?:thi|la) (?:du|dat)|dat (?:bao nhieu|may|bn)|so (?:voi|vs) (?:cung|nam)|(?:cac|top \d{{1,4}}|nhung|\d{{1,4}}) (?:chi bo|don vi)|cham nhat|thap nhat|yeu nhat|^tong hop\b|^(?:nam|quy|thang)[^;\n]{{0,14}} (?:duoc|dat|dc) (?:bao nhieu|may|bn)\b|con (?:thieu )?(?:may|bao nhieu)(?! tuoi| ngay)|(?:chi bo|\bcb|thon|xa|phuong|dang bo|don vi|xom|ban)\b[^;\n]{{0,40}}(?:\bdat\b|the nao|ra sao|sao roi|den dau)|bao nhieu (?:phan tram|%)"
)
_ASKED = re.compile(
    r"\?|bao nhieu|\bmay\b|\bbn\b|nao\b|the nao|thi sao|tang hay giam|den dau|toi dau|sao roi|ra sao|\bntn\b|con lai|con thieu|xem|cho (?:toi|em|minh|xin)|tien do|tinh hinh|bao cao nhanh|\bai\b|khong$|chua$|^chi tieu (?:cua |o )?(?:cac|tung|toan|ca|nhung) \w+(?: \w+)?$|^chi tieu(?: nhiem ky| nam nay| nam \d{4}| nam sau)?$|nhat$|phan tram|tong hop|ti le|ty le|so voi|xep hang|ket qua|liet ke|danh sach|thong ke|con no|can biet|(?:cham|thap|cao|yeu|kem|it|nhieu|nhanh) nhat"
)
_CANDIDATE_WORD = re.compile(
    r"nguon|quan chung|qcut|\bqc\b|cam tinh|doi tuong|ho so|\bhs\b|da hoc lop|hoc lop|giay chung nhan"
)
_CANDIDATE_ASKED = re.compile(
    r"\?|bao nhieu|\bmay\b|\bbn\b|nao\b|\bai\b|danh sach|\bds\b|xem|liet ke|cho (?:toi|em|minh|xin)|con (?:ai|nhung ai)|gom|the nao|den dau|toi dau|sao roi|buoc nao|giai doan nao|khau nao|ra sao|\bntn\b|hien co\b(?! \d)"
)
_LISTED = re.compile(
    r"^(?:ds |danh sach )?(?:nguon|quan chung(?: uu tu)?)(?: cua| ket nap| o)?(?: don vi)? (?:toan |ca |cac |tung )?(?:dang bo|xa|phuong|chi bo|cb|thon|ban|xom|to|khu|toi|em|minh|chung)\b(?![^\n]{0,90}(?:\bcon\b|\bco\b|:|\bthem\b|,))"
)
_STAGE_ASKED = re.compile(
    rf"{KN} (?:duoc )?chua\b|(?:bao gio|khi nao|chung nao|hom nao|ngay nao)[^;\n]{{0,90}}(?:{KN}|xet|lam le)|(?:{KN}|xet|lam le)[^;\n]{{0,90}}(?:bao gio|khi nao|chung nao|hom nao|ngay nao)|(?:den|toi|dang o|o) (?:dau|buoc nao|khau nao|giai doan nao|buoc may|cho nao)|the nao roi|sao roi|ra sao|den dau"
)
_STATED = re.compile(
    rf"{KN} (?:duoc|dc|moi|them)? ?(?:la )?{NUMBER}\b|(?:con|thieu|lai|no|du) (?:thieu |lai |no )?\d{{1,3}}(?! ngay| thang)|(?:dat|duoc) \d"
)
_LIMIT = re.compile(r"top (?P<n>\d{1,2})|(?P<n2>\d{1,2}) (?:chi bo|don vi)(?! (?:da|chua|co))")
_SET = re.compile(
    r"\b(?:tang|giam|giao|phan bo|dang ky|dieu chinh|dat|an dinh|phan|nang|ha|doi|sua|cap nhat|bo sung)\b(?: \w+){0,6}? (?:chi tieu|ctieu|\bct\b)|\bchi tieu\b[^?;\n]{0,40}?(?::|la|giao|dang ky|=)\s*(?:>=|≥|tu |it nhat |toi thieu )?\d|\b(?:phan dau|dang ky)(?: nam \d{4})? (?:ket ?nap|kn|phat trien)(?: duoc| them| tu)* \d|^chi tieu (?:nam )?20\d\d\b.*\d|^(?:giao|phan)\b[^?\n]{1,60}\b(?:ket ?nap|kn|phat trien) \d{1,3} |^(?:giao )?(?:chi tieu|ctieu) (?:cho |cua )?(?:chi bo|cb|thon|ban|xom|to|khu|xa|phuong|thi tran|dang bo|truong)\b [^?\n]{1,40}? (?:len|xuong|thanh|bang|con|la)? ?\d{1,4}$"
)
_SEGMENT = re.compile(
    r"^(?:[-+*•]\s*|\d{1,2}[.)]\s+)?(?:va )?(?:giao )?(?:cho )?(?P<branch>.*?[^\s:=\-])(?P<gap>\s*(?::|=|->|\bla\b|\bgiao\b|\bduoc\b|\bdang ky\b|\blen\b|\bxuong\b|\bthanh\b|\bcon\b|\bbang\b|-(?=\s)|\s)\s*)(?P<target>(?:>=|≥|it nhat |toi thieu |tu )?\s*\d{1,4}(?:\s?-\s?\d{1,4})?(?: tro len)?)\s*(?:dang vien|nguoi|dv|d/c|dc|dong chi|chi tieu)?(?: moi)?[.\s]*(?:nhe|nha|a)?$"
)
_SINGLE = re.compile(
    rf"chi tieu[^:;\n]*?(?::|la|giao|dang ky|=|len|xuong|con|thanh|\s)\s*(?P<target>(?:>=|≥|it nhat |toi thieu |tu )?\s*(?:{NUMBER})(?:\s?(?:-|den)\s?\d{{1,4}})?(?: (?:nguoi )?tro len)?)(?![\d/])(?! ?(?:thang|nam\b))|(?:giao|dang ky|phan dau)(?: \w+){{0,5}}? (?P<target2>(?:tu |it nhat |toi thieu )?\d{{1,4}}(?:\s?(?:-|den)\s?\d{{1,4}})?)(?: (?:chi tieu|dang vien|dv|nguoi|d/c|dc|dong chi))"
)
_DEADLINES = re.compile(
    r"(?:giay|gcn|chung nhan)[^;\n]{0,90}(?:het han|het hieu luc|qua han|sap het|con han|con gia tri|con hieu luc|sap qua)|(?:het han|sap het han|qua han)[^;\n]{0,90}(?:giay|chung nhan|gcn)"
)
_PROBATION_END = re.compile(
    r"\b(?:ai|nhung ai|dong chi nao|d/c nao|dc nao)\b[^;\n]{0,30}\b(?:het|den han|du)\b[^;\n]{0,24}(?:du bi|chinh thuc)|(?:bao gio|khi nao|chung nao)[^;\n]{0,60}(?:du 12 thang|du bi|chinh thuc)|du bi[^;\n]{0,90}(?:het|den han|bao gio|khi nao|sap|12 thang|ai)|(?:ai|khi nao|bao gio|den han|sap)[^;\n]{0,90}(?:chuyen (?:dang )?(?:chinh thuc|ct)|cong nhan (?:chinh thuc|ct)|het du bi|xet chinh thuc|het han du bi|(?:du|het|tron)[^;\n]{0,12} du bi)|(?:chuyen chinh thuc|chinh thuc)[^;\n]{0,90}(?:khi nao|bao gio|chua\s*\?|den han)"
)
_SILENT = re.compile(
    rf"(?:\bai|(?:chi bo|don vi|cb|thon|xa|phuong|noi) nao|(?:may|bao nhieu) (?:chi bo|don vi|cb|thon|xa|phuong))\b[^;\n]{{0,20}}\b{NOT} (?:co |gui |nop |thay )?(?:bao|bc)(?: cao)?\b"
)
_CEREMONY_END = re.compile(
    r"(?:bao gio|khi nao|ngay nao|luc nao)[^;\n]{0,20}(?:phai |moi |la han |het han |cham nhat )(?:lam|to chuc)[^;\n]{0,12}\ble\b"
)
_ELIGIBLE = re.compile(
    r"(?:co )?(?:duoc|dc|du dieu kien|the)(?: phep)? (?:ket ?nap|kn|vao dang|xet)[^;\n]{0,90}(?:khong|ko|k|chua)\b"
)
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("age_limit", re.compile(r"\d{2} tuoi[^;\n]{0,90}(?:khong|ko|\bk\b|\?|duoc)|(?:bao nhieu|may|gioi han|qua|do) tuoi[^;\n]{0,90}(?:ket ?nap|kn|dang|\?)|tuoi (?:toi da|toi thieu|ket nap|vao dang)|tuoi[^;\n]{0,90}(?:moi duoc|thi duoc|duoc ket nap)")),
    ("ceremony_deadline", re.compile(r"(?:(?:may|bao nhieu)(?: ngay| thang| tuan| hom| lau| thoi gian)|bao lau|trong vong|thoi han|\bhan\b|cham nhat|qua han|qua bao)[^;\n]{0,90}(?:lam le|to chuc|le ket nap|ket nap)|(?:lam le|to chuc le|le ket nap|to chuc ket nap)[^;\n]{0,90}(?:bao lau|may ngay|bao nhieu ngay|trong vong|thoi han|cham nhat|khi nao la muon)")),
    ("certificate_validity", re.compile(r"(?:giay|chung nhan|gcn|cam tinh)[^;\n]{0,90}(?:co gia tri|hieu luc|bao lau|may nam|may thang|bao nhieu (?:nam|thang)|thoi han|con dung duoc)")),
    ("helper_must_be_official", re.compile(r"(?:du bi|chinh thuc)[^;\n]{0,90}(?:giup do|gioi thieu|huong dan)|(?:giup do|gioi thieu|huong dan)[^;\n]{0,90}(?:du bi|phai la dang vien chinh thuc|chinh thuc)")),
    ("introducers", re.compile(r"(?:may|bao nhieu|can)[^;\n]{0,90}(?:nguoi|dang vien|dv)[^;\n]{0,90}(?:gioi thieu|giup do)|(?:ai|nguoi nao) (?:duoc |phai )?gioi thieu|nguoi gioi thieu[^;\n]{0,90}(?:may|bao nhieu|can|\?)")),
    ("official_deadline", re.compile(r"(?:bao lau|may thang|may ngay|bao nhieu (?:thang|ngay)|thoi han|khi nao)[^;\n]{0,90}(?:chinh thuc|du bi)|(?:chinh thuc|du bi)[^;\n]{0,90}(?:bao lau|bao nhieu lau|may thang|may ngay|bao nhieu thang|thoi han|\bhan\b)")),
    ("education", re.compile(r"(?:trinh do|hoc van)[^;\n]{0,30}toi thieu|(?:hoc (?:het )?lop \d+|lop \d+|trinh do|hoc van|bang (?:cap|thcs|thpt)|thcs|cap [123]|chua hoc het|tot nghiep)[^;\n]{0,90}(?:duoc|dc|co (?:duoc|the))[^;\n]{0,90}(?:khong|ko|\bk\b|\?|chua)|(?:trinh do|hoc van)[^;\n]{0,90}(?:gi|nao|the nao|bao nhieu|yeu cau)|can (?:trinh do|bang|hoc)")),
)  # fmt: skip


def rule(sentence: Sentence) -> Wish | None:
    """A question about the regulations, not about the records."""
    flat = sentence.said
    if sentence.names:
        return None
    is_asked = sentence.is_question or re.search(
        r"quy dinh|thoi han|bao lau|khong$|la gi$|\bmay thang\b|\bcan (?:may|gi|bao)|co (?:duoc|dc)|\b(?:may|bao nhieu) (?:nam|thang|ngay)\b",
        flat,
    )
    if not is_asked or re.search(r"sap het han|cua ai|ai sap|con may chi tieu|^nguon\b|\bnguon (?:con|co)\b", flat):
        return None
    for topic, pattern in _RULES:
        if pattern.search(flat):
            return ruled(sentence, topic)
    if _ELIGIBLE.search(flat) or re.search(
        r"dieu kien (?:gi|nao|ket nap)|quy dinh[^;\n]{0,90}ket nap|tieu chuan", flat
    ):
        return Wish(Intent.QUERY_RULE)
    return None


def ruled(sentence: Sentence, topic: str) -> Wish:
    """A question about the rule of a topic; "" where none is told."""
    age = re.search(r"(\d{2}) tuoi", sentence.said)
    extra = (("topic", topic),) if topic else ()
    return Wish(Intent.QUERY_RULE, extra=(*extra, *((("age", age[1]),) if age else ())))


def deadlines_asked(sentence: Sentence, topic: str) -> Wish:
    """A question about what runs out, of everybody in reach or of whoever is named."""
    extra = (("topic", topic),) if topic else ()
    people, found = sentence.people(), sentence.period
    return Wish(
        Intent.QUERY_DEADLINE,
        scope="" if people else _scope(sentence) or "own",
        people=people,
        period=found.value if found and re.search(r"20\d\d|\bnay$", sentence.flat[found.start : found.end]) else "",
        extra=extra,
    )


def deadline(sentence: Sentence) -> Wish | None:
    """A question about dates that run out."""
    flat = sentence.said
    if not (sentence.is_question or re.search(r"\bai\b|sap|danh sach|xem|liet ke", flat)):
        return None
    scope = _scope(sentence) or "own"
    if _SILENT.search(flat):
        return Wish(Intent.QUERY_DEADLINE, scope=scope, extra=(("topic", "not_reported"),))
    if _DEADLINES.search(flat):
        return deadlines_asked(sentence, "certificate_expiry")
    if _CEREMONY_END.search(flat) and not re.search(r"\d{1,2}[/\-]\d{1,2}", flat):
        return deadlines_asked(sentence, "ceremony")
    if _PROBATION_END.search(flat) and not re.search(r"\d{1,2}[/\-]\d{1,2}", flat):
        return deadlines_asked(sentence, "probation_end")
    return None


def _scope(sentence: Sentence) -> str:
    flat = sentence.said
    if sentence.branches and not _CHILDREN.search(flat):
        return "branch"
    if re.search(
        r"don vi (?:nao )?(?:cua )?(?:toi|em|minh) (?:dang )?phu trach|phu trach|don vi duoc phan cong|(?:toi|em) theo doi",
        flat,
    ):
        return "assigned"
    if _CHILDREN.search(flat):
        return "children"
    if _COMMITTEE.search(flat):
        return "committee"
    return "assigned" if _ASSIGNED.search(flat) else ""


def ask(sentence: Sentence) -> Wish | None:
    """How a unit stands."""
    flat = sentence.said
    if _GIVEN_LEAST.search(flat) and not sentence.is_question:
        return None
    if _STATED_LEAST.search(flat) or re.search(rf"(?:{KN}|\bco)(?: duoc| dc)? (?:ai|nguoi nao) dau\b", flat):
        return None
    if (behind := unit_named(sentence)) and not sentence.flat.startswith("nguon"):
        return Wish(
            Intent.QUERY_QUOTA,
            branch=behind,
            scope="branch",
            metric=_metric(flat, "branch") or "progress",
            period=sentence.period.value if sentence.period else str(sentence.today.year),
        )
    is_bare = len(sentence.branches) == 1 and _BARE.fullmatch(flat[: sentence.branches[0].start] + flat[sentence.branches[0].end :])  # fmt: skip
    if not _QUOTA_WORD.search(flat) or not (_ASKED.search(flat) or sentence.is_question or is_bare):
        return None
    if not sentence.is_question and (
        _STATED.search(flat)
        or sentence.names
        or (re.search(rf"\b{NOT} (?:co |the )?(?:{KN})", flat) and not re.match(r"(?:nhung|cac|liet ke|xem) ", flat))
    ):
        return None
    if re.search(r"nham|sua lai|xuat (?:file|excel)|\bexcel\b|\bpdf\b|\bword\b|nhac (?:cac|nhung|cho)|don doc", flat):
        return None
    scope = _scope(sentence)
    metric = _metric(flat, scope)
    if not metric or (sentence.names and not sentence.branches):
        return None
    return asked(sentence)


def asked(sentence: Sentence) -> Wish:
    """A question how some unit stands."""
    flat = sentence.said
    scope = _scope(sentence)
    metric = _metric(flat, scope) or "progress"
    limit = _LIMIT.search(flat)
    extra = (
        (("limit", limit["n"] or limit["n2"]),) if limit and metric in ("slowest", "progress", "met", "zero") else ()
    )
    return Wish(
        Intent.QUERY_QUOTA,
        branch=sentence.branch if scope == "branch" else "",
        scope=scope or "own",
        metric=metric,
        period=_period_asked(sentence) if metric != "compare_previous_year" else str(sentence.today.year),
        extra=extra,
    )


_GIVEN_LEAST = re.compile(r"^(?:giao|phan bo)\b[^?\n]{1,60}\b(?:it nhat|toi thieu|tu) \d{1,4}\b")
_STATED_LEAST = re.compile(
    rf"chi tieu(?: \w+){{0,6}} (?:it nhat|toi thieu|>=|≥|tu) ?{NUMBER}(?: nguoi| dong chi| d/c| dc| dang vien| dv)?(?: (?:tro len|a|nhe|nha))*[ .]*$"
)


def _period_asked(sentence: Sentence) -> str:
    found = sentence.period
    return found.value if found else week(sentence.flat, today=sentence.today) or str(sentence.today.year)


_BARE = re.compile(r"chi tieu (?:cua |o |giao )?(?: ?nam nay| ?nam 20\d\d)?")


def named_list(sentence: Sentence) -> Wish | None:
    """`nguồn phường Hồng Lam`: the list of a unit that is called by no word for branch."""
    is_above = ABOVE.match(sentence.flat, 6) is not None
    if not sentence.flat.startswith("nguon ") or not (is_above or sentence.original(6, 7).isupper()):
        return None
    if any(name.is_full for name in sentence.names):
        return None
    behind = unit_named(sentence)
    return Wish(Intent.QUERY_CANDIDATES, scope="branch", branch=behind) if behind else None


def _metric(flat: str, scope: str) -> str:
    if _RATE.search(flat):
        return "rate_of_members"
    if _COMPARE.search(flat):
        return "compare_previous_year"
    if re.search(r"\bdat (?:bao nhieu|may|bn)(?! phan)", flat) and not re.search(r"phan tram|%", flat):
        return "progress"
    if _SUB.search(flat):
        return "sub_targets"
    is_many = scope in ("children", "assigned", "committee")
    if is_many and _ZERO.search(flat) and not re.search(r"chua (?:dat|du|xong|hoan thanh)", flat):
        return "zero"
    if _SLOWEST.search(flat):
        return "slowest"
    if is_many and re.search(
        r"nao[^;\n]{0,20}\b(?:dat|du|xong|hoan thanh|vuot)\b[^;\n]{0,8}100 ?(?:%|phan tram)", flat
    ):
        return "met"
    if _PERCENT.search(flat):
        return "percent"
    if _REMAINING.search(flat):
        return "remaining"
    if _MET.search(flat) and not re.search(r"chua (?:dat|du|xong|hoan thanh) ", flat):
        return "met"
    if re.search(r"chua (?:dat|du|xong|hoan thanh)", flat):
        return "remaining"
    if re.search(rf"\bphai (?:{KN}|phat trien)", flat):
        return "target"
    for metric, pattern in (("target", _TARGET), ("count", _COUNT), ("progress", _PROGRESS)):
        if pattern.search(flat):
            return metric
    if _ZERO.search(flat) and is_many:
        return "zero"
    if re.search(r"\b(?:duoc|dat|dc) (?:bao nhieu|may|bn)\b", flat):
        return "count"
    return "progress" if scope == "branch" or re.search(r"chi tieu", flat) else ""


def candidates(sentence: Sentence) -> Wish | None:
    """Who is on the list, or where one of them stands."""
    flat = sentence.said
    if sentence.names:
        if _STAGE_ASKED.search(flat) and not re.search(r"chi tieu|tien do", flat):
            return Wish(Intent.QUERY_CANDIDATES, people=sentence.people(), extra=(("ask", "stage"),))
        return None
    if is_added_plainly(sentence):
        return None
    if not _LISTED.search(flat) and not (_CANDIDATE_WORD.search(flat) and _CANDIDATE_ASKED.search(flat)):
        return None
    if re.search(r"chi tieu|\bexcel\b|\bpdf\b|het han|bao lau", flat):
        return None
    return candidates_asked(sentence)


def candidates_asked(sentence: Sentence) -> Wish:
    """A question who is on the list, or where whoever is named stands."""
    flat = sentence.said
    if sentence.names:
        return Wish(Intent.QUERY_CANDIDATES, people=sentence.people(), extra=(("ask", "stage"),))
    stage: Stage | None = None
    if re.search(rf"\b{NOT} (?:duoc |di |co |tham gia )?(?:hoc|giay|gcn)", flat):
        stage = None
    elif re.search(r"hoc (?:xong )?lop|(?:da |co )(?:hoc|giay)|hoc (?:xong )?cam tinh|giay chung nhan|gcn", flat):
        stage = Stage.CLASS_DONE
    elif re.search(r"(?:co|lam|lap|da co|dang lam) (?:ho so|hs)|ho so", flat):
        stage = Stage.DOSSIER_OPEN
    admitted = False if re.search(rf"{NOT} (?:duoc |co )?(?:{KN})", flat) else None
    return Wish(
        Intent.QUERY_CANDIDATES,
        scope=_scope(sentence) or "own",
        branch=sentence.branch,
        metric="count" if re.search(r"\bmay\b|bao nhieu|\bbn\b", flat) else "",
        stage_at_least=stage,
        admitted=admitted,
    )


_DONE_OF = re.compile(rf"(?:{KN})(?: duoc| dc| moi)* \d{{1,4}} [^;\n]{{0,24}}\bchi tieu")
_SETS = re.compile(r"\b(?:giao|phan bo|dang ky|dieu chinh|nang|ha|tang|giam|phan dau|an dinh)\b")


def assign(sentence: Sentence) -> Wish | None:
    """A quota is given, registered or changed."""
    flat = sentence.said
    if _DONE_OF.search(flat) and not _SETS.search(flat):
        # "kết nạp 18 đảng viên, chỉ tiêu là 20" tells of what was done.
        return None
    if (
        sentence.is_question
        or not (_SET.search(flat) or _STATED_LEAST.search(flat) or _GIVEN_LEAST.search(flat))
        or re.search(r"\bcon (?:thieu|lai|may)|dat chi tieu|hoan thanh chi tieu|vuot chi tieu|du chi tieu", flat)
    ):
        return None
    return assigned(sentence)


def assigned(sentence: Sentence) -> Wish | None:
    """The targets of a sentence, for the command as well."""
    found = sentence.period
    period = found.value if found else str(sentence.today.year)
    items = _items(sentence) or _by_branch(sentence)
    if items:
        return Wish(Intent.SET_QUOTA, period=period, items=items, decision_no=sentence.decision_no)
    if len(sentence.branches) > 1:
        return None
    if (numbered := _NUMBERED_UNIT.search(sentence.flat)) and len(sentence.branches) == 1:
        place = sentence.branches[0]
        if numbered.end() >= place.end and numbered.start("name") <= place.start < numbered.start("n"):
            name = sentence.original(place.start, numbered.end("name"))
            return Wish(Intent.SET_QUOTA, period=period, items=(Item(name, Target(int(numbered["n"]))),))
    blank = sentence.flat
    if found:
        blank = blank[: found.start] + "#" * (found.end - found.start) + blank[found.end :]
    for place in sentence.branches:
        blank = blank[: place.start] + "#" * (place.end - place.start) + blank[place.end :]
    blank = re.sub(r"\b(?:ca nam|nam (?:nay|sau|toi|20\d\d))\b|  +", " ", blank.replace("#", "")).replace("  ", " ")
    single = _SINGLE.search(blank) or _SINGLE_OF_PEOPLE.search(blank)
    target = read_target(next(part for part in single.groups() if part)) if single else None
    if target is None:
        return None
    if sentence.branch:
        target = _target_behind(sentence) or target
        item = Item(sentence.branch, target)
        return Wish(Intent.SET_QUOTA, period=period, items=(item,))
    is_range = target.shape is not TargetShape.NUMBER
    return Wish(
        Intent.SET_QUOTA,
        period=period,
        target=None if is_range else target.low,
        target_min=target.low if is_range else None,
        target_max=target.high,
        extra=(("status", "registered"),) if re.search(r"\bdang k[yi]\b", sentence.said) else (),
    )


_SINGLE_OF_PEOPLE = re.compile(
    rf"\b(?P<target>(?:tu |it nhat |toi thieu )?{NUMBER}(?: ?(?:-|den|toi) ?{NUMBER})?) (?:chi tieu|dang vien|dv|nguoi|d/c|dc|dong chi|suat)\b"
)
_NUMBERED_UNIT = re.compile(
    r"^(?:giao|phan bo)(?: (?:chi tieu|ctieu|cho|nam \d{4}|nam nay|nam sau|\d{4}))* (?P<name>[^\W\d]+(?: [^\W\d]+){2,6}) (?P<n>\d{1,3})(?: (?:dang vien|dv|nguoi|d/c|dc|dong chi))?[ .]*$"
)
"""`giao chỉ tiêu xã Nậm Vân 20`: a unit of several words, and a number that is none of its name."""

_BOUNDED = re.compile(rf"(?:it nhat|toi thieu|>=|≥|tu) ?{NUMBER}(?: ?(?:-|den|toi) ?{NUMBER})?")


def _target_behind(sentence: Sentence) -> Target | None:
    """`giao ấp 3 ít nhất 6`: a bound that stands behind the branch."""
    found = _BOUNDED.search(sentence.flat, sentence.branches[0].end)
    return read_target(found[0]) if found else None


_NUMBERED_NAME = re.compile(r"(?P<name>\S+ \S.*?) (?P<n>\d{1,3})")
_NUMBER_BEHIND = re.compile(r"[ :=\-–]*(?:la |duoc |giao |thi |co |dat |ket nap )*(?P<target>[^,;\n]{1,24})")


def _by_branch(sentence: Sentence) -> tuple[Item, ...]:
    """Every branch with the number that stands behind it; nothing unless at least two, and all, have one."""
    places = sentence.branches
    if len(places) < 2:
        return ()
    found: list[Item] = []
    ends = [*(place.start for place in places[1:]), len(sentence.flat)]
    for place, end in zip(places, ends, strict=True):
        behind = _NUMBER_BEHIND.match(sentence.flat, place.end, end)
        target = read_target(behind["target"].strip(" ./")) if behind else None
        name = place.name
        if target is None and (numbered := _NUMBERED_NAME.fullmatch(name)):
            # "ấp Sô La 2, ấp Trà Mẹt 3": the number behind the name is the target.
            name, target = numbered["name"], Target(int(numbered["n"]))
        if target is None:
            return ()
        found.append(Item(name, target))
    return tuple(found)


_HEAD = re.compile(
    r"(?:giao |phan bo )?(?:chi tieu|ctieu)(?: nam (?:20\d\d|nay|sau))?(?: cho| cac| cua)* (?=(?:chi bo|cb|thon|ban|xom|to|khu|xa|phuong|thi tran|dang bo|truong|tram|co quan)\b)"
)


_KIND_ALONE = re.compile(r"(?:^|\s)(?:thon|ban|xom|to|khu|tdp|ap|khoi|khu pho|to dan pho|chi bo|cb|xa|phuong|truong)$")


def _items(sentence: Sentence) -> tuple[Item, ...]:
    flat = sentence.flat
    start = 0
    is_spoken = False
    if head := re.match(
        r"[^:;\n]{0,90}\b(?:chi tieu|ctieu|ct)\b(?: ?(?:nam|nam nay|nam sau|20\d\d|cho|cac|chi bo|don vi|nhu sau|cu the|phat trien|ket nap|dang vien|dang|moi|la|giao|thon|nhe|nha|ca|sang)\b)*\s*(?::|\n)\s*",
        flat,
    ):
        start = head.end()
    elif head := _HEAD.match(flat):
        start, is_spoken = head.end(), True
    items: list[Item] = []
    at = start
    for part in re.split(r"([,;\n])", flat[start:]):
        if part not in (",", ";", "\n") and part.strip():
            offset = at + len(part) - len(part.lstrip())
            found = _SEGMENT.match(part.strip())
            target = read_target(found["target"]) if found else None
            if (
                found
                and target
                and _KIND_ALONE.search(found["branch"])
                and found["gap"].isspace()
                and not re.search(r"[,;\n]", flat)
            ):
                # "chỉ tiêu thôn 2" asks about thôn 2.
                return ()
            if found and target and re.search(r"[a-z]", found["branch"]):
                name = sentence.original(offset + found.start("branch"), offset + found.end("branch"))
                items.append(Item(name, target))
        at += len(part)
    is_list = len(items) > 1 or (len(items) == 1 and start > 0 and not (is_spoken and sentence.branch))
    return tuple(items) if is_list and all(_is_branch(item.branch) for item in items) else ()


def _is_branch(name: str) -> bool:
    return len(name.split()) <= 9 and not re.search(r"chỉ tiêu|chi tieu|năm 20", name.lower())
