"""The unit that a question names without a word for branch: `tiến độ Hồng Lam`, `xã Nậm Vân thế nào`."""

import re

from language.sentence import KN, Sentence

_ASKED_OF = re.compile(
    r"^(?:(?:cho|xin)(?: toi| em| minh)?(?: xem| biet| hoi)? |xem |hoi |bao cao )?(?:tien do|chi tieu|ctieu|nguon|tinh hinh|ket qua|so lieu)(?: ket nap| kn| phat trien dang(?: vien)?| giao| hien nay)*(?: nam nay| nam 20\d\d)?(?: cua| o| tai|:)? (?P<unit>.+)$"
)
_STILL = re.compile(
    r"^(?:con (?:may|bao nhieu) (?:chi tieu|nguoi)(?: nua)?|con thieu (?:may|bao nhieu)(?: nguoi| chi tieu)?)(?: cua| o| tai)? (?P<unit>(?:dang bo |dang uy )?(?:xa|phuong|thi tran|dang bo|dang uy|huyen) .+)$"
)
_IN_FRONT = re.compile(
    r"^(?:cho (?:toi|em|minh) (?:xem|hoi) |xem |hoi )?(?P<unit>(?:dang bo |dang uy )?(?:chi bo|cb|thon|ban|xom|to|khu|truong|tram|xa|phuong|thi tran) .+?) (?=(?:den nay |hien nay |nam nay |bay gio )?(?:the nao|ra sao|sao roi|ntn|den dau|toi dau|duoc (?:may|bao nhieu)|dat (?:may|bao nhieu)|con (?:thieu )?(?:may|bao nhieu)|thieu (?:may|bao nhieu)|ket ?nap (?:duoc |dc )?(?:may|bao nhieu)|kn (?:duoc |dc )?(?:may|bao nhieu)))"
)
_OF_TIME = re.compile(
    r" con (?:may|bao nhieu|thieu|lai)\b| dat (?:may|bao nhieu)\b|\b(?:den nay|hien nay|hom nay|toi nay|bay gio|dau nam|nam nay|nam \d{4})\b"
)
ABOVE = re.compile(
    r"(?:chi bo|cb|thon|ban|xom|to|khu|tram|dang bo|dang uy|xa|phuong|thi tran|huyen|thanh pho|tinh|dac khu|cong ty|truong|benh vien)\b"
)
_KINDS = re.compile(
    r"^(?:(?:chi bo|cb|thon|ban|xom|to|khu|dang bo|dang uy|xa|phuong|thi tran|huyen|thanh pho|tinh|dac khu)\b ?)+"
)
_OURS = frozenset("minh ta toi em nha nay chung da duoc dc dat con nao cua the thi la giao khong chua den ra sao hien trong may bao".split())  # fmt: skip
_NO_UNIT = frozenset(
    """cua toi em minh chung ta nha nay kia do day dang vien moi ket nap kn the nao den dau roi sao ra ntn bao nhieu may chua khong ko nam
    thang quy nhiem ky nua toan ca cac tung moi nhung don vi chi bo cb la con thieu lai no dat duoc dc hien xem nhe nha
    cho voi giup a oi anh chi co bot tot cham nhanh thap nhat cao hang tuan tong hop phan tram giao them tat het hom qua truoc sau
    ai hoc lop ho so giay cam tinh quan chung uu tu kiem tra lam nhu noi ben nguoi d/c dc ngoai cung tu va hay gi gui
    thanh nien nu dan toc nho rieng theo phu trach""".split()
)


def unit_named(sentence: Sentence) -> str:
    """The unit that stands behind a question without a word for branch: `tiến độ Hồng Lam`, `chỉ tiêu xã Nậm Vân`."""
    flat = sentence.flat
    found = _STILL.match(flat) or _IN_FRONT.match(flat) or _ASKED_OF.match(flat)
    if found is None or sentence.branches:
        return ""
    start, end = found.span("unit")
    if (period := sentence.period) is not None:
        end = min(end, period.start) if period.start > start else end
        start = max(start, period.end) if period.start <= start else start
    if later := _OF_TIME.search(flat, start, end):
        end = later.start()
    if re.search(rf"{KN}|chi tieu|\bco (?:nhung )?(?:ai|may|bao nhieu)\b|cua chi bo\b|thuc hien", flat[start:end]):
        return ""
    said = re.sub(r"[ ,.?!]+(?:(?:nhe|nha|a|voi|giup|roi|the nao|sao roi|den dau|ra sao|ntn|nhu the nao)[ ,.?!]*)*$", "", flat[start:end])  # fmt: skip
    words = said.split()
    is_above = ABOVE.match(said) is not None and len(words) > 1
    own = [word for word in words if word in _NO_UNIT]
    if is_above and len(words) > 2 and words[-1].isdigit() and len(words[-1]) < 4 and flat.startswith("chi tieu"):
        return ""
    rest = _KINDS.sub("", said).split()
    if not rest or (is_above and rest[0] in _OURS):
        return ""
    is_ours = bool(words) and (words[0] in _NO_UNIT or words[0].isdigit() or len(own) == len(words))
    if not 0 < len(words) <= 7 or any(not part.isalnum() for part in words) or (is_ours and not is_above):
        return ""
    if not (
        is_above
        or flat[:start].startswith(("tien do", "chi tieu", "so lieu"))
        or sentence.original(start, start + 1).isupper()
    ):
        return ""
    return sentence.original(start, start + len(said))
