"""Short answers to what was asked: a name, a day, a branch, somebody picked from a list."""

import re
from datetime import date

from domain.intents import Wish
from language.plain import fold
from language.senses import amend
from language.sentence import Sentence
from language.understand import understand

LONGEST_ANSWER = 200

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)", re.ASCII)
_ADMITS = "/ketnap "
_PICKED = re.compile(r"người (\d{1,17})")


def of_admission(text: str, today: date) -> Wish:
    """The answer read as what stands behind "kết nạp": people, a day, a branch, a decision."""
    return understand(f"/ketnap {text}", today=today)[0]


def of_list(text: str, today: date) -> Wish:
    """The answer read as people for the list of candidates."""
    return understand(f"/nguon thêm {text}", today=today)[0]


def of_correction(text: str, today: date) -> Wish | None:
    """The answer read as the right day, name or decision number; None if it is more than just that."""
    return amend.answered(Sentence(text, today=today)) if len(text) <= LONGEST_ANSWER else None


_AWAY = re.compile(r"(huy|xoa|bo)( (di|no|cai|so|nay|ban ghi|giup|ho|cho|toi|minh|em|a|nhe|voi))*")


def takes_away(text: str) -> bool:
    """Whether a short answer to what was recorded wants it gone: `xóa đi ạ`."""
    return len(text) <= LONGEST_ANSWER and bool(_AWAY.fullmatch(" ".join(re.findall(r"\w+", fold(text)))))


def pick(candidate_id: int) -> str:
    """What the button of a person says."""
    return f"người {candidate_id}"


def picked(text: str) -> int | None:
    """Whose button was pressed."""
    found = _PICKED.fullmatch(text)
    return int(found[1]) if found else None


def admits(candidate_id: int) -> str:
    """What the button of somebody likely to have been admitted says."""
    return f"{_ADMITS}{pick(candidate_id)}"


def admitted(text: str) -> int | None:
    """Whose admission such a button reports."""
    return picked(text.removeprefix(_ADMITS)) if text.startswith(_ADMITS) else None


_GOING_ON = re.compile(r"việc (\d{1,3}) của tin (\d{1,17})")


def going_on(item: int, at: int) -> str:
    """What the button for the next wish of a message says: where the words stand, never the words."""
    return f"việc {at + 1} của tin {item}"


def gone_on(text: str) -> tuple[int, int] | None:
    """The message meant by such a button, and from which of its wishes on."""
    found = _GOING_ON.fullmatch(text)
    return (int(found[2]), int(found[1]) - 1) if found else None


ONLY_FOUND = "chỉ ghi người đã tìm thấy"


def only_found(text: str) -> bool:
    """Whether those who were found nowhere shall be left out."""
    return fold(text) == fold(ONLY_FOUND)


def year(text: str) -> int | None:
    """A year in the answer: "1990", "sinh năm 1990"."""
    found = _YEAR.search(text)
    return int(found[0]) if found else None


def asks_for_template(text: str) -> bool:
    """Whether the empty workbook is wanted: "mẫu", "mẫu excel"."""
    return fold(text) in ("mau", "mau excel", "file mau", "tep mau")
