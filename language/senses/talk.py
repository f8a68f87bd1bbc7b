"""Short answers, buttons and courtesy: read only as a whole message."""

import re
import unicodedata

from domain.intents import Intent, Need, Wish
from language.numbers import WORDS, value
from language.plain import fits, typed
from language.sentence import Sentence

_TAIL = r"(?: (?:a|ah|nhe|nha|nhen|di|luon|roi|r|em|anh|chi|dong chi|d/c|dc|ban|bot|ad|oi|day|do|the|giup|giup em|voi|ho|cai|nao|ne|dum|gium|toi|cho toi|cho em|ay|dau|vay|nhi|bet|toet|mat|gium))*"
_EXACT: dict[str, Intent] = {
    "sua": Intent.EDIT_CARD,
    "sua lai": Intent.EDIT_CARD,
    "hoan tac": Intent.UNDO_LAST,
    "khoi phuc": Intent.RESTORE_RECORD,
    "khoi phuc lai": Intent.RESTORE_RECORD,
    "phuc hoi": Intent.RESTORE_RECORD,
    "xem": Intent.SHOW_RECORD,
    "luu khong ten": Intent.SAVE_WITHOUT_NAME,
    "luu ko ten": Intent.SAVE_WITHOUT_NAME,
    "khong ghi ten": Intent.SAVE_WITHOUT_NAME,
    "khong luu ten": Intent.SAVE_WITHOUT_NAME,
    "cung mot nguoi": Intent.SAME_PERSON,
    "cung 1 nguoi": Intent.SAME_PERSON,
    "cung nguoi": Intent.SAME_PERSON,
    "mot nguoi": Intent.SAME_PERSON,
    "dung nguoi do": Intent.SAME_PERSON,
    "cung mot nguoi thoi": Intent.SAME_PERSON,
    "dung mot nguoi": Intent.SAME_PERSON,
    "dung 1 nguoi": Intent.SAME_PERSON,
    "dung la mot nguoi": Intent.SAME_PERSON,
    "dung la 1 nguoi": Intent.SAME_PERSON,
    "van nguoi do": Intent.SAME_PERSON,
    "van la nguoi do": Intent.SAME_PERSON,
    "la mot": Intent.SAME_PERSON,
    "la 1": Intent.SAME_PERSON,
    "nguoi khac": Intent.OTHER_PERSON,
    "khac nguoi": Intent.OTHER_PERSON,
    "la nguoi khac": Intent.OTHER_PERSON,
    "hai nguoi khac nhau": Intent.OTHER_PERSON,
    "2 nguoi khac nhau": Intent.OTHER_PERSON,
    "trung ten thoi": Intent.OTHER_PERSON,
    "chi trung ten": Intent.OTHER_PERSON,
    "trung ten": Intent.OTHER_PERSON,
    "khong phai cung mot nguoi": Intent.OTHER_PERSON,
    "khong phai mot nguoi": Intent.OTHER_PERSON,
    "ko phai mot nguoi": Intent.OTHER_PERSON,
    "khong phai nguoi do": Intent.OTHER_PERSON,
    "menu": Intent.MENU,
    "mo menu": Intent.MENU,
    "xem menu": Intent.MENU,
    "ve menu": Intent.MENU,
    "0": Intent.MENU,
    "ket nap": Intent.LOG_ADMISSION,
    "nguon": Intent.QUERY_CANDIDATES,
    "tien do": Intent.QUERY_QUOTA,
    "viec": Intent.QUERY_DEADLINE,
    "khong co phat sinh": Intent.REPORT_NIL,
    "khong phat sinh": Intent.REPORT_NIL,
}
_YES = re.compile(
    rf"(?:(?:da|vang|u|uh|um|ừ|roi|a) )*(?:luu|luu lai|luu ca \d+|luu het|luu di|ghi di|ghi lai|ghi vao|dong y|nhat tri|dung|dung roi|dung vay|chuan|chuan roi|chinh xac|chinh xac roi|ok|0k|ok e|oke|okie|oki|okk+|okay|okla|okela|o ke|o k|o kay|uk|ukm|uki|ukie|u|(?:👍|✅|✔|👌|🆗|☑)[\ufe0f\U0001f3fb-\U0001f3ff]*|👍+|yes|y|co|phai|phai roi|xac nhan|duoc|dc|dc roi|gui di|duyet|hop ly|tiep tuc|lam di|xong|chot|chot luon|chot di|ghi giup|ghi ho|cu ghi|cu luu|ghi luon|luu luon|dung the|dung vay|dung do|chinh no|dung a luu|ok chot|chuan luon|nhu vay|nhu the|duoc do|chuan r|dung r|dung ạ|ung)(?:(?: (?:a|nhe|r|roi))? (?:luu|ghi|dung roi|dong y|ok|roi)(?: (?:lai|di|luon))?)*{_TAIL}[ .!]*"
    rf"|(?:da|vang|u|uh|um|vang a|da vang|da dung|uhm|ừm|dạ){_TAIL}[ .!]*"
)
_NO = re.compile(
    rf"(?:da )*(?:(?:thoi )?bo|(?:thoi )?bo di|khong|ko|kg|khg|hok|k|no|khong phai|ko phai|sai|sai roi|sai r|sai het|sai het roi|chua dung dau|khong dung dau|nham roi khong luu|khong luu dau|chua dung|chua phai|chua chuan|chua on|chua chinh xac|khong chuan|khong dung|ko dung|dung luu|khong luu|ko luu|khong dong y|(?:thoi )?(?:ghi |gui |bao )?nham(?: roi)?|nham roi (?:khong|dung|ko) luu|khong can|bo nguoi nay|chua|khong ghi|k phai|kg phai|hong phai|hok phai|dau co|dau phai|lam gi co|khong he|(?:u|uh|uhm|um|ok|oke|vang) (?:thi )?(?:thoi )?bo(?: di)?){_TAIL}[ .!]*"
)
_CANCEL = re.compile(
    rf"(?:thoi|huy|huy bo|huy di|huy (?:bo )?(?:thao tac|lenh|viec)(?: nay| do)?|bo qua|thoi khoi ghi|thoi khoi luu|khoi|khoi ghi|khoi luu|thoi khong can nua|khong can nua|bo de (?:khi|luc|hom) khac|de (?:khi|luc|hom) khac|khong can ghi|ngung|dung|thoi dung|thoi khong|thoi bo|cancel|dung lai|khong lam nua|(?:thoi )?bo di (?:khong|ko|k) (?:lam|ghi|can) nua|thoat|de sau|thoi de sau|khong ghi nua|thoi khoi|thoi khong ghi nua|thoi khong can|(?:thoi )?(?:em |toi |minh )?(?:khong|ko|k) (?:nhap|ghi|lam|bao|luu)(?: (?:nua|dau))?|(?:bo )?de (?:khi|luc|hom|dip) khac|bo qua di|stop|khoan|khoan da|khoan luu|khoan hay luu|khoan ghi|tu tu da|de (?:toi |em |tui |minh )?(?:xem|hoi|kiem tra|coi)(?: lai)?(?: cai| da| roi| ty| ti| chut| xiu)*){_TAIL}[ .!]*"
)
_CHOICE = re.compile(
    rf"(?:(?:lua chon|chon|em chon|toi chon|lay|so|cai|cuoi|cau|muc|phuong an|nguoi|y|cai so|cai thu|nguoi thu|thu|dong) ?)*(?P<n>\d{{1,2}}|{WORDS}|nhat|dau|dau tien|cuoi|cuoi cung){_TAIL}[ .!)]*"
)
_AROUND_NUMBER = re.compile(r"[#()\[\]<>\"“”'*\ufe0f\u20e3]")
_GREETING = re.compile(
    rf"(?:(?:da|em|toi|chau|xin|kinh) )*(?:chao|hello|hi|helo|alo|a lo|hey|good morning|chao buoi \w+)(?: (?:anh|chi|em|dong chi|d/c|dc|bot|ad|admin|ban|moi nguoi|mn|ca nha|co|chu|bac|so ket nap|buoi sang|buoi chieu|buoi toi|cac anh|cac chi|oi|toan the|cac dong chi|thay|sep))*(?: (?!ket|kn|chi|thang|con)\w+)?{_TAIL}[ .!,]*|(?:chuc|kinh chuc) (?:buoi|ngay|cuoi tuan|dong chi|anh|chi|ca nha|moi nguoi|suc khoe)[^,;\n]{{0,30}}|(?:cam on|cam on|thanks|thank you|tks|cảm ơn)[^,;\n]{{0,30}}"
)
_HELP = re.compile(
    r"(?:(?:toi |em |minh )?(?:can|muon|xin|nho)(?: duoc)? (?:tro giup|giup do|giup|huong dan)[^,;\n]{0,20}|(?:bot|may|ban)(?: \w+){0,2} (?:chuc nang|tinh nang)[^,;\n]{0,12}|tro giup|help|giup|.{0,12}lam (?:sao|the nao) de [^,;\n]{0,40}|giup (?:toi|em|minh|voi)(?: voi| a)*|huong dan|hdsd|cach (?:dung|su dung|ghi|bao)|\?+|lam (?:the nao|sao)|.{0,30}(?:huong dan|chi) (?:em|toi|minh|cach|su dung|dung)[^,;\n]{0,40}|.{0,20}cach (?:dung|su dung|sua|xoa|huy|doi|xem|ghi|bao|nhap|luu|them|dang ky)[^,;\n]{0,40}|(?:bot|may|ban) (?:lam|giup)(?: duoc)? (?:gi|nhung gi)[^,;\n]{0,20}|dung (?:the nao|nhu the nao|sao)(?: vay| day| a| the)*|(?:toi|em|minh) (?:phai |nen )?(?:nhan|go|viet|bao|nhap)[^,;\n]{0,20} (?:the nao|nhu nao|sao)[^,;\n]{0,20}|.{0,20}\b(?:ghi|nhap|go|danh)(?: \w+){1,3} (?:the nao|nhu the nao|nhu nao|lam sao)(?: (?:a|nhi|vay|day|em|anh|chi|bot|ha))*|.{0,40}\b(?:ghi|nhap|bao|bao cao|gui|go|danh) (?:vao )?(?:the nao|nhu the nao|nhu nao|lam sao|sao day|cho nao)[^,;\n]{0,20}|(?:toi |em |minh )?(?:khong|ko|k|chua) (?:biet|hieu|quen|ro) (?:cach|lam|dung)?[^,;\n]{0,20})[ .!?]*"
)
_HELP_HINT = re.compile(
    r"chuc nang|tinh nang|quen|ro|giup|help|huong dan|hdsd|cach|lam|sao|the nao|\?|nhu nao|cho nao|biet|hieu|duoc gi|nhung gi"
)
_NUMBERED_VERBS = {"hoan tac": Intent.UNDO_LAST, "huy": Intent.UNDO_RECORD, "xoa": Intent.UNDO_RECORD, "khoi phuc": Intent.RESTORE_RECORD, "phuc hoi": Intent.RESTORE_RECORD, "xem": Intent.SHOW_RECORD, "xem lai": Intent.SHOW_RECORD}  # fmt: skip
_NUMBERED = re.compile(
    rf"(?P<verb>{'|'.join(_NUMBERED_VERBS)})(?: lai)?(?: so| ban ghi(?: so)?| muc(?: so)?)? ?#?(?P<number>\d{{1,7}}){_TAIL}"
)
_COMMA = re.compile(r" ?, ?")
_FAREWELL = re.compile(r"^(?:cam on|thanks|thank|tks)")


def read(text: str) -> Wish | None:
    """The message as a button, an answer or a greeting; None if it is more than that."""
    if len(text) > 80:
        return None
    laid = typed(text)
    flat = " ".join(laid.flat.split())
    bare = flat.strip(" .!,")
    if intent := _EXACT.get(bare):
        return _exact(intent, laid.text.strip(" .!,"))
    chosen = _AROUND_NUMBER.sub("", unicodedata.normalize("NFKC", bare)).strip(" .!,")
    if (found := _CHOICE.fullmatch(chosen)) and (choice := _choice(found["n"], chosen, laid.text)):
        return Wish(Intent.CHOOSE_OPTION, choice=choice)
    if number := _NUMBERED.fullmatch(bare):
        return Wish(_NUMBERED_VERBS[number["verb"]], number=int(number["number"]))
    answer = _COMMA.sub(" ", bare)
    for pattern, intent in ((_YES, Intent.CONFIRM_YES), (_NO, Intent.CONFIRM_NO), (_CANCEL, Intent.CANCEL)):
        if pattern.fullmatch(answer) and _is_meant(intent, answer, laid.text):
            return Wish(intent)
    for pattern, intent in ((_GREETING, Intent.GREETING), (_HELP, Intent.HELP)):
        if (
            (pattern is not _HELP or _HELP_HINT.search(bare))
            and pattern.fullmatch(bare)
            and _is_meant(intent, bare, laid.text)
        ):
            return Wish(intent)
    return Wish(Intent.HELP) if flat and not flat.strip("? ") else None


def _exact(intent: Intent, text: str) -> Wish | None:
    if intent is Intent.EDIT_CARD and not all(fits(word, wanted) for word, wanted in zip(text.split(), ("sửa", "lại"), strict=False)):  # fmt: skip
        return None
    if intent in (
        Intent.LOG_ADMISSION,
        Intent.QUERY_CANDIDATES,
        Intent.QUERY_DEADLINE,
        Intent.QUERY_QUOTA,
        Intent.REPORT_NIL,
    ):
        return None
    return Wish(intent)


def _choice(typed_number: str, bare: str, text: str) -> int | None:
    if typed_number in ("nhat", "dau", "dau tien"):
        return 1
    if typed_number in ("cuoi", "cuoi cung"):
        return -1
    number = value(typed_number)
    if typed_number.isdigit():
        return number or None
    # "Nam" or "Bảy" alone may be somebody's name: a number in words needs a word that chooses beside it.
    return (
        number
        if re.match(r"(?:chon|em chon|toi chon|lay|so|cai|cau|muc|phuong an|thu|nguoi thu|dong thu)\b", bare) and number
        else None
    )


_CHOSEN = re.compile(
    rf"\b(?:thu|so|phuong an|lua chon|dap an|cai|nguoi|dong|muc)(?: (?:thu|so))? (?P<n>\d{{1,2}}|nhat|nhi|tu|{WORDS}|dau tien|cuoi(?: cung)?)\b"
)
_LONGEST_CHOICE = 50


def chosen(sentence: Sentence) -> Wish | None:
    """The number that a sentence known to choose holds: `người thứ ba trong danh sách ấy`."""
    found = _CHOSEN.search(sentence.flat) if len(sentence.flat) <= _LONGEST_CHOICE else None
    if found is None or sentence.names:
        return None
    told = {"nhat": 1, "dau tien": 1, "nhi": 2, "cuoi": -1, "cuoi cung": -1}
    return Wish(Intent.CHOOSE_OPTION, choice=told.get(found["n"]) or value(found["n"]))


def _is_meant(intent: Intent, bare: str, text: str) -> bool:
    if intent is Intent.CONFIRM_YES and bare.startswith("dung"):
        return fits(text.split(maxsplit=1)[0].strip(".,!"), "đúng")
    if intent is Intent.CANCEL and bare.startswith("dung"):
        # "Dũng" is somebody.
        return fits(text.split(maxsplit=1)[0].strip(".,!"), "dừng")
    if intent is Intent.CONFIRM_NO and bare.split(maxsplit=1)[0] == "bo":
        return fits(text.split(maxsplit=1)[0].strip(".,!"), "bỏ")
    if intent is Intent.GREETING and _FAREWELL.match(bare):
        return True
    return intent is not Intent.GREETING or len(bare.split()) <= 7


def menu_word(sentence: Sentence) -> Wish | None:
    """The four words of the standing menu."""
    match sentence.flat.strip(" .!"):
        case "ket nap":
            return Wish(Intent.LOG_ADMISSION, needs=(Need.NAME, Need.DATE), is_command=True)
        case "nguon":
            return Wish(Intent.QUERY_CANDIDATES, scope="own", is_command=True)
        case "tien do":
            return Wish(
                Intent.QUERY_QUOTA, scope="own", metric="progress", period=str(sentence.today.year), is_command=True
            )
        case "viec" | "viec cua toi":
            return Wish(Intent.QUERY_DEADLINE, scope="own", is_command=True)
        case _:
            return None
