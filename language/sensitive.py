"""What must never be kept: cut out of a text before it is stored, a mark in its place."""

import re
from dataclasses import dataclass

from language import telex
from language.plain import Typed, clean, fits, fold, typed

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits of an invite code; what looks alike is not among them."""

NATIONAL_ID, PHONE, PARTY_CARD = "[số căn cước]", "[số điện thoại]", "[số thẻ đảng]"
FAMILY, RELIGION, HEALTH, INVITE = "[chuyện gia đình]", "[tôn giáo]", "[sức khỏe]", "[mã mời]"
MARRIAGE, SECRET = "[hôn nhân]", "[nội dung mật]"

KINDS: dict[str, str] = {
    NATIONAL_ID: "national_id",
    PHONE: "phone",
    PARTY_CARD: "party_card_no",
    FAMILY: "family_political_history",
    RELIGION: "religion_detail",
    HEALTH: "health",
    MARRIAGE: "marriage_detail",
    SECRET: "state_secret",
}

_GAP = r"[ .\-]?"
_SPOKEN = r"(?:khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin)"
_UNTIL = r"[^,;.\n\[\]]{0,160}"
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        PARTY_CARD,
        re.compile(
            r"\b(?:so )?the (?:dang vien|dang|dv)(?: cua [^,;\n\d]{2,40}?)?(?: so| :|:)* ?(?:la |so )?[a-z]{0,3}[. ]?\d(?:[ .\-]?\d){4,11}(?!\d)"
            r"|\b\d{2}[. ]\d{6}(?!\d)(?= ?\(?the dang)"
        ),
    ),
    (
        NATIONAL_ID,
        re.compile(
            rf"\b(?:so )?(?:cccd|cmnd|cmt|cmtnd|can cuoc(?: cong dan)?|chung minh(?: nhan dan| thu)?|dinh danh(?: ca nhan)?|ma dinh danh|ho chieu)(?: ?(?:so|la|:|=))* ?[a-z]?\d(?:{_GAP}\d){{6,13}}(?!\d)"
            rf"|(?<![\d/])0(?:{_GAP}\d){{11}}(?![\d/])"
            rf"|(?<![\d/+])\d(?:{_GAP}\d){{11}}(?![\d/])"
        ),
    ),
    (
        PHONE,
        re.compile(
            rf"\b(?:so )?(?:sdt|dt|dien thoai|phone|tel|so dien thoai|zalo|dtdd|lien he|lh)(?: ?(?:so|la|:|=))* ?(?:\+|0)?\d(?:[ .\-]{{0,2}}\d){{7,12}}(?!\d)"
            rf"|(?<![\d/])(?:\+ ?84|84|0){_GAP}[235789](?:{_GAP}\d){{8}}(?![\d/])"
        ),
    ),
    (
        NATIONAL_ID,
        re.compile(
            rf"\b(?:so )?(?:cccd|cmnd|cmt|can cuoc(?: cong dan)?|chung minh(?: nhan dan| thu)?|dinh danh(?: ca nhan)?)(?: ?(?:so|la|:|=))* (?:{_SPOKEN}[ ,.\-]+){{6,11}}{_SPOKEN}\b"
            rf"|(?<!\w)(?:{_SPOKEN}[ ,.\-]+){{11}}{_SPOKEN}\b(?![ ,.\-]+{_SPOKEN}\b)"
        ),
    ),
    (
        PHONE,
        re.compile(
            rf"\b(?:so )?(?:sdt|dt|dien thoai|so dien thoai|zalo|phone|goi so)(?: ?(?:so|la|:|=))* (?:{_SPOKEN}[ ,.\-]+){{7,10}}{_SPOKEN}\b"
            rf"|(?<!\w)khong[ ,.\-]+(?:{_SPOKEN}[ ,.\-]+){{8}}{_SPOKEN}\b(?![ ,.\-]+{_SPOKEN}\b)"
        ),
    ),
    (NATIONAL_ID, re.compile(r"(?<![\d/.,])[1-9]\d{2}[ .]?\d{3}[ .]?\d{3}(?![\d/]|[.,]\d)(?! ?(?:dong|d\b|vnd))")),
    (
        FAMILY,
        re.compile(
            rf"\b(?:bo|cha|ba|me|ong(?: (?:noi|ngoai))?|ba (?:noi|ngoai)|bac|chu|cau|anh|chi|em|vo|chong|gia dinh|ho hang|than nhan|nguoi than)\b(?:(?! ket nap| bi thu)[^,;.\n\[\]]){{0,50}}?"
            rf"(?:linh nguy|nguy quan|nguy quyen|(?:cho|theo|quan) nguy\b|che do cu|vnch|viet nam cong hoa|(?:di|bi|hoc tap) cai tao|phan dong|dia chu|tu hinh|ngoi tu|(?:co|mang) tien an\b|tien an tien su|fulro|vuot bien|linh cho (?:phap|my))\b{_UNTIL}"
        ),
    ),
    (
        FAMILY,
        re.compile(
            rf"\b(?:linh nguy|nguy quan|nguy quyen|chinh tri gia dinh|lich su chinh tri|ly lich chinh tri (?:gia dinh|cua bo|cua ong)){_UNTIL}"
        ),
    ),
    (
        RELIGION,
        re.compile(
            rf"\b(?:theo |la |gia dinh |nguoi |co |sinh hoat ){{0,6}}(?:dao (?:tin lanh|thien chua|cong giao|phat|cao dai|hoa hao|hoi|duong van minh|ba co do|bani)|cong giao(?! duc| vien)|tin lanh|thien chua giao|phat giao hoa hao|cao dai(?! hoc)|hoi giao|giao xu\b(?! ly)|giao ho\b(?! so| tro| van| thi)|he phai|ha mon)\b{_UNTIL}"
        ),
    ),
    (
        HEALTH,
        re.compile(
            rf"\b(?:bi |mac |dang |co )*(?:benh (?:ung thu|tim|gan|than|phoi|lao|tieu duong|tam than|nan y|hiem ngheo|man tinh|xa hoi)|ung thu|hiv|aids|nhiem hiv|viem gan(?: b| c)?|tieu duong|tam than|tram cam|dong kinh|dot quy|tai bien|chay than)\b{_UNTIL}"
        ),
    ),
    (
        MARRIAGE,
        re.compile(
            rf"\b(?:(?:hai )?vo chong (?:da |dang |bi )?)?(?:ly hon\b|ly di\b(?! (?:hoc|lam|bo doi|nghia|hop|du\b|lop|an\b|xa|nuoc|xuat|khoi|cong|ve|len))|ly than\b|ngoai tinh|bo vo\b|bo chong\b|tao hon|song (?:chung )?nhu vo chong|danh (?:vo|chong)\b|co con (?:rieng|ngoai)|co bo nhi|co nguoi tinh|hai vo\b|vo hai\b){_UNTIL}"
        ),
    ),
    (
        SECRET,
        re.compile(
            rf"\b(?:tai lieu |van ban |cong van |bao cao )(?:toi |tuyet )?mat\b{_UNTIL}|\bdong dau (?:toi |tuyet )?mat\b{_UNTIL}|\bdo mat\b{_UNTIL}"
        ),
    ),
)
_START = re.compile(r"^\s*/?start(?:@\w+)?[ _=:]+(?P<code>\S.*?)\s*$", re.IGNORECASE | re.DOTALL)
_EIGHT = r"(?P<code>[A-Z2-9]{4}[ \-]?[A-Z2-9]{4})(?![A-Z0-9])"
_CODE_TOLD = (
    re.compile(r"[?&]start=(?P<code>[A-Z2-9]{8})(?![A-Z0-9])", re.IGNORECASE),
    re.compile(rf"(?<!\w)(?:(?:mã|ma) (?:mời|moi|tham gia|vào|vao)|code)(?: (?:là|la|của|cua|em|tôi|toi))*[ :=\-]{{1,4}}{_EIGHT}", re.IGNORECASE),
    re.compile(r"(?<!\w)(?:mã|ma)(?: (?:là|la|của|cua|em|tôi|toi))*[ :=]{1,4}(?P<code>[A-Z2-9]{4}[ \-][A-Z2-9]{4})(?![A-Z0-9])", re.IGNORECASE),
)  # fmt: skip
_CODE_ALONE = re.compile(rf"(?<![\w\-/]){_EIGHT}(?![\w\-/])", re.IGNORECASE)
_COURTESY = re.compile(
    r"(?:da|vang|a|ah|em|toi|chau|minh|chao|dong chi|d/c|bot|anh|chi|bac|gui|xin|nhap|go|day|la|nay|nhe|nha|cua|ma|moi|so|code|cam on|tham gia|vao|duoc|roi|,|\.|!|:|\s)*"
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A text that may be stored: what was cut, by kind, and the invite code that stood in it."""

    text: str
    marks: tuple[str, ...] = ()
    code: str = ""


def invite_code(text: str) -> str:
    """The code in the form it was made, or nothing: eight letters and digits, at least one of each."""
    joined = re.sub(r"[ \-]", "", text.strip().strip(".\"'")).upper()
    if len(joined) != 8 or any(character not in ALPHABET for character in joined):
        return ""
    has_both = any(part.isdigit() for part in joined) and any(part.isalpha() for part in joined)
    return joined if has_both else ""


def cut(text: str) -> Cut:
    """Take out personal numbers, family history, religion, health, secrets and invite codes. Never raises."""
    kept = clean(text)
    if started := _START.match(kept):
        if code := invite_code(started["code"]):
            return Cut(f"/start {INVITE}", code=code)
    elif len(kept) <= 24 and (code := invite_code(kept)):
        return Cut(INVITE, code=code)
    code = ""
    while (told := _code_told(kept)) is not None:
        code = code or invite_code(told["code"])
        kept = f"{kept[: told.start('code')]}{INVITE}{kept[told.end('code') :]}"
    kept, marks = _cut_out(kept)
    decoded = telex.undo(kept)
    if decoded != kept:
        # What was typed with the keyboard not switched on is no less private: `bij vieem gan`.
        bare, more = _cut_out(decoded)
        kept, marks = (bare, (*marks, *more)) if more else (kept, marks)
    return Cut(kept, tuple(dict.fromkeys(marks)), code=code)


def _cut_out(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with marks in place of what may not be kept, and of which kinds that was."""
    marks: list[str] = []
    is_changed = True
    laid = typed(text)
    while is_changed:
        is_changed = False
        for mark, pattern in _RULES:
            replaced = _replaced(laid, mark, pattern)
            if replaced is None:
                continue
            is_changed = True
            laid = typed(replaced)
            if KINDS[mark] not in marks:
                marks.append(KINDS[mark])
    return laid.text, tuple(marks)


def _code_told(text: str) -> re.Match[str] | None:
    """An invite code among other words: behind "mã mời", in a link, in capitals as it is shown, or with a courtesy."""
    for pattern in _CODE_TOLD:
        for found in pattern.finditer(text):
            if invite_code(found["code"]):
                return found
    if text.startswith("/"):
        return None
    for found in _CODE_ALONE.finditer(text):
        code = found["code"]
        beside = text[: found.start()] + " " + text[found.end() :]
        if invite_code(code) and (_is_as_shown(code) or _COURTESY.fullmatch(fold(beside))):
            return found
    return None


def _is_as_shown(code: str) -> bool:
    """Two groups of capitals and digits; a word with a number behind it ("XUAN 2345") is none."""
    first, gap, last = code[:4], code[4:-4], code[-4:]
    return bool(gap) and code == code.upper() and not (first.isalpha() and last.isdigit())


def _replaced(laid: Typed, mark: str, pattern: re.Pattern[str]) -> str | None:
    text = laid.text
    parts: list[str] = []
    at = 0
    for found in pattern.finditer(laid.flat):
        if not _is_meant(mark, laid.original(*found.span())):
            continue
        start = found.start() if laid.at is None else laid.at[found.start()]
        end = found.end() if laid.at is None else laid.at[found.end()]
        tail = text[start:end]
        end -= len(tail) - len(tail.rstrip())
        start += len(tail) - len(tail.lstrip())
        parts += [text[at:start], mark]
        at = end
    return "".join([*parts, text[at:]]) if parts else None


def _is_meant(mark: str, words: str) -> bool:
    """Bare letters mislead: "mặt" and "mất" are no secrets, and the Dao are a people."""
    if mark == SECRET:
        return any(fits(word, "mật") for word in words.split())
    lowered = words.lower()
    if mark == MARRIAGE and typed(lowered).flat.startswith("ly "):
        # "Lý Hôn" and "Ly đi học" are people.
        return lowered.startswith("ly ")
    if mark == RELIGION and typed(lowered).flat.startswith("giao ho"):
        # "Giao Hồ A giúp đỡ" and "cô giáo Hồ" are no parishes.
        return not lowered.isascii() and all(
            fits(word, wanted) for word, wanted in zip(lowered.split(), ("giáo", "họ"), strict=False)
        )
    return mark != RELIGION or not lowered.startswith("người dao")
