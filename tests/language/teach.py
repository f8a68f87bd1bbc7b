"""Teaches `language/marks.py` and `language/kinds.py` from our own messages; run, it writes their models.

For the marks each message is taken with the names that it is to be read with, then again with other people, other
branches and other thumbs (no accents, small letters, capitals). The test part of the set is never looked at. It takes
minutes on one core.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

import pycrfsuite

from language import kinds, marks, telex
from language.field import path_of
from language.marks import BRANCH, NOTHING, PERSON, Token, features, tokens
from language.peoples import PEOPLES
from language.plain import clean, typed
from language.sensitive import cut
from language.sentence import Sentence
from language.understand import tidy
from language.vocabulary import ETHNIC_GROUPS
from tests.language.measure import PLACE, Reading, is_saving, rows
from tests.language.variants import accents_off

OTHERS = {1: 9, 2: 6}
FEWER = 3
"""How often a message is taken with other names, by how many are of its template: the rarer, the oftener."""
TALKS = 16
"""How often each answer of a talk is taken."""
PAIRS = 600
"""So many messages are joined two by two, to teach what several wishes look like."""
SEED = 20261201
COSTS = {"c1": 0.05, "c2": 0.02, "max_iterations": 110, "feature.minfreq": 2}
"""How much a weight costs, so that what was seen once or twice is not learned by heart."""

_BEFORE = (
    "a ơi ",
    "anh ơi, ",
    "e báo a ",
    "em báo cáo anh: ",
    "Báo cáo đồng chí, ",
    "dạ ",
    "Dạ em báo ạ. ",
    "alo ",
    "tui báo nha, ",
    "chú báo là ",
    "Chào em. ",
    "Kính gửi đảng ủy: ",
    "bác nhờ tí: ",
    "ghi giúp tôi: ",
    "em ơi ghi hộ chị ",
    "tin mới: ",
    "vâng, ",
    "ad ơi ",
    "bot ơi ",
    "nhờ em ghi giùm, ",
    "hôm nay bận quá giờ mới báo, ",
)
_BEHIND = (
    " ạ",
    " nhé",
    " nha em",
    " nha anh Hai",
    " rồi nhé",
    " giùm tui",
    " giúp em với",
    " 👍",
    " em nhé",
    " nghen",
    " nhé các đồng chí",
    ", vui quá",
    ", em ghi giúp anh",
    " anh ạ",
    ", trời mưa to quá",
    ". Cảm ơn em",
    ", bà con mừng lắm",
    " r nha",
    " đó em",
    " hihi",
    ", có gì báo lại chú",
)
"""What people say around a message to whoever reads it."""
_JOINTS = (", ", ". ", "; ", "\n", ", còn ", " và ", ". Còn ", ", ", " còn ")
_UNJUDGED = frozenset({"out_of_scope", "greeting", "help", "query_rule", "reminder_settings"})
"""Readings that leave out the people whom the message names."""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split("|"))


_KINDS = _listed(
    """
    thôn|thôn|thôn|bản|bản|xóm|xóm|khu|ấp|ấp|buôn|buôn|làng|khóm|khối|tổ dân phố|tổ dân phố|tổ|
    khu phố|khối phố|trường tiểu học|trường THCS|trường mầm non|trường TH|trường THPT|tiểu khu|trường|plei|
    phum|TDP|công ty|HTX|đội|phân xưởng|xưởng|xí nghiệp|nông trường|trạm
    """
)
_PLACES = _listed(
    """
    Hà Tây|Nà Ngam|Sủng Là|Bình Trung|Đông Thịnh|Phiêng Ban|Khuổi Slao|Pả Vi|Hồng Lam|Kô Tam|Ea Kmát|
    Ma Rin|Kon Rbàng|Plei Klếch|Phố Sại|Ngọn Đồng|Nậm Vân|Thanh Sơn|Bình Quới|Cổ Linh|Suối Thầu|Lũng Cú|
    Nà Ỏ|Tân Lập|Tân Khai|Hồng Phong|Trà Cổ|Đồng Tâm|Ka Lang|Tả Phìn|Mường Lạn|Pa Ủ|Hua Bum|Nà Khoang|
    Pác Bó|Khau Vai|Lao Chải|Séo Lủng|Ngọc Linh|Hoa Mai|Kim Đồng|Lê Lợi|Trần Phú|Quang Trung|Chợ Gạo|
    Bàu Trâm|Hòa Bình|Phú Mỹ|Xuân Lộc|Tân Tiến|Đoàn Kết|Thống Nhất|Hưng Thịnh|Vĩnh Hòa|An Phú|Mỹ Lợi|
    Rạch Sâu|Cái Nước|Bù Đăng|Đắk Rve|Kon Ktu|Măng Đen|Ia Kha|Plei Pông|Chư Á|Bôn Toát|Tơ Lang|Aur|
    Bhlô Bền|A Đớt|Hồng Bắc|Cha Lo|Tà Rụt|Pá Hu|Nà Tấu|Che Căn|Huổi Lếch|Nậm Nhừ|Xà Phìn|Thèn Phàng|
    Cốc Pài|Đồng Văn|Nà Sáng|Bó Mới|Yên Thịnh|Trung Thành|Đông Sơn|Nam Sơn|Bắc Sơn|Cầu Giát|Diễn Lâm|
    Châu Bính|Tân Hợp|Bãi Sậy|Giồng Trôm|Sóc Chà|Trà Kha|Phước Hưng|Kim Sơn|Hòa Tây|Hạ Long|Bến Sạn|
    Xuân Mai|Thạch Sơn|Làng Ho|Chiềng Ly|Mường Bú|Phong Phú|Hậu Thạnh|Long Điền|Bản Lầu|Na Mèo|Pù Nhi|
    Tam Chung|Buôn Trấp|Krông Nô|Đạ Sar|Lộc Bắc|Tà Năng|Phan Sơn|Hàm Cần|Co Mạ|Đá Bàn|Cây Thị|Vân Hồ|
    Mộ Đức|Phú Xuân 2
    """
)
_STANDING = _listed(
    """
    trạm y tế|quân sự|công an xã|công an|quân sự xã|cơ quan xã|trường THCS|trường tiểu học|mầm non|
    trường học|cơ quan|khối Đảng|cơ quan UBND xã|trường THPT|y tế|trường mầm non|hợp tác xã|
    khối chính quyền|đồn biên phòng|Đài truyền thanh|Hạt kiểm lâm|Trạm Thuỷ nông|Nhà máy đường|hợp tác xã chè|
    Bệnh viện|Trung tâm Y tế|xưởng dệt|Bưu điện|Cơ điện|Vườn Ươm|Văn phòng|kiểm lâm|Ngân hàng|
    Trường liên cấp|Đội xe số 4|thuỷ lợi|dân số
    """
)


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch of a text that is a person or a branch; a branch may stand behind the words for "chi bộ"."""

    start: int
    end: int
    is_person: bool
    is_headed: bool = False


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text and what it names."""

    text: str
    named: tuple[Named, ...]


# ── From readings to lessons ────────────────────────────────────────────────────────────────────────────────────────


def lessons() -> Iterator[tuple[Lesson, int]]:
    """Every message that may be learned from, and how often with other names."""
    template_of = {row.text: row.template for row in rows("development")}
    sizes = Counter(template_of.values())
    for text, _, reading in _readings():
        if reading["intent"] not in _UNJUDGED and (lesson := lesson_of(text, reading)) is not None:
            yield lesson, OTHERS.get(sizes.get(template_of.get(text, ""), 1), FEWER)


def _readings() -> Iterator[tuple[str, date, Reading]]:
    for line in (PLACE.parent / "examples.jsonl").read_text(encoding="utf-8").splitlines():
        reading = json.loads(line)
        today = date.fromisoformat(reading.pop("today", "2026-11-21"))
        yield reading.pop("text"), today, reading
    for row in rows("development"):
        yield row.text, row.today, row.expected


def lesson_of(text: str, reading: Reading) -> Lesson | None:
    """None where a name of the reading does not stand in the text."""
    laid = typed(cut(tidy(text)).text)
    found = tokens(laid)
    bare = [token.bare for token in found]
    taken: set[int] = set()
    named: list[Named] = []
    for name, is_person in sorted(_names(reading), key=lambda one: -len(one[0])):
        wanted = [token.bare for token in tokens(typed(clean(name)))]
        is_headed = not is_person and wanted[:2] == ["chi", "bo"] and len(wanted) > 2
        wanted = wanted[2:] if is_headed else wanted
        places = [
            at
            for at in range(len(bare) - len(wanted) + 1)
            if bare[at : at + len(wanted)] == wanted and taken.isdisjoint(range(at, at + len(wanted)))
        ]
        behind = [at for at in places if at and bare[at - 1] in ("bo", "cb", "chibo", "b")]
        places = behind or places if is_headed else places
        if not places:
            return None
        for at in places if len(wanted) > 1 else places[:1]:
            taken |= set(range(at, at + len(wanted)))
            named.append(
                Named(found[at].start, found[at + len(wanted) - 1].end, is_person, not is_person and at in behind)
            )
    if laid.at is not None:
        named = [Named(laid.at[one.start], laid.at[one.end], one.is_person, one.is_headed) for one in named]
    return Lesson(laid.text, tuple(sorted(named, key=lambda one: one.start)))


def _names(reading: Reading) -> set[tuple[str, bool]]:
    """Whom and which branches a reading names."""
    people = [person["name"] for person in reading.get("people", ()) if "name" in person]
    people += [*reading.get("helpers", ()), *reading.get("replaces", ())]
    branches = [item["branch"] for item in reading.get("items", ()) if "branch" in item]
    told = {key: value for key, value in reading.items() if isinstance(value, str)}
    people += [told[key] for key in ("new_holder", "remove") if key in told]
    people += [told["target"]] if told.get("target", "not_reported") != "not_reported" else []
    branches += [told[key] for key in ("branch", "with") if key in told]
    changed = [told[key] for key in ("new", "old") if key in told]
    people += changed if told.get("field") in ("name", "people") else []
    branches += changed if told.get("field") == "branch" else []
    if "name" in told:
        (people if reading["intent"] == "register" else branches).append(told["name"])
    found = {(name, True) for name in people} | {(name, False) for name in branches}
    return found.union(*(_names(action) for action in reading.get("actions", ())))


# ── Other people, other places, other thumbs ────────────────────────────────────────────────────────────────────────


_SOUTHERN = ("Em", "Nhỏ", "Lớn", "Hai", "Ba", "Tư", "Út", "Anh", "Em")
"""What a given name may be told apart by."""


def person(chance: Random) -> str:
    """Somebody invented."""
    naming = chance.choices(list(PEOPLES.values()), [one.weight for one in PEOPLES.values()])[0]
    parts = [chance.choice(words) for words in (naming.surnames, naming.middles, naming.givens) if words]
    if len(parts) == 3 and parts[1] in ("Văn", "Thị", "H'", "") and naming.weight > 10 and chance.random() < 0.25:
        parts.insert(2, chance.choice([word for word in naming.middles if word != parts[1]]))
    elif len(parts) == 3 and naming.weight > 10 and chance.random() < 0.08:
        del parts[1]
    elif len(parts) == 3 and naming.weight > 10 and chance.random() < 0.06:
        # "chị Kim Thoa": without the surname.
        del parts[0]
    elif len(parts) == 3 and naming.weight > 10 and chance.random() < 0.04:
        parts.append(chance.choice(_SOUTHERN))
    if parts[0] == "Y" and chance.random() < 0.2:
        parts = parts[:2]
    return " ".join(parts).replace("' ", "'").replace("  ", " ").strip()


def given(chance: Random) -> str:
    """A given name alone."""
    naming = chance.choices(list(PEOPLES.values()), [one.weight for one in PEOPLES.values()])[0]
    return chance.choice([word for word in naming.givens if " " not in word and len(word) > 1])


def branch(chance: Random, *, is_headed: bool) -> str:
    """A branch that is nowhere; behind "chi bộ" it may be a place or a body of its own."""
    if is_headed and chance.random() < 0.12:
        return chance.choice(_PLACES)
    if is_headed and chance.random() < 0.15:
        return chance.choice(_STANDING)
    kind = chance.choice(_KINDS)
    place = chance.choice(_PLACES)
    number = chance.choice([str(chance.randint(1, 15)), str(chance.randint(1, 9)), f"{chance.randint(1, 9)}A"])
    return f"{kind} " + chance.choices([place, number, f"{place} {chance.randint(1, 9)}"], [6, 3, 1])[0]


def elsewhere(lesson: Lesson, chance: Random) -> Lesson:
    """The same said of other people and branches."""
    text, at = "", 0
    named: list[Named] = []
    are_given = chance.random() < 0.1 and not lesson.text.islower()
    for one in lesson.named:
        before = lesson.text[one.start : one.end]
        if one.is_person:
            name = person(chance) if " " in before and not are_given else given(chance)
        elif before.isdigit():
            name = str(chance.randint(1, 20))
        else:
            name = branch(chance, is_headed=one.is_headed)
        text += lesson.text[at : one.start]
        start, at = len(text), one.end
        text += _as_typed(name, before, is_bare=lesson.text.isascii())
        named.append(Named(start, len(text), one.is_person, one.is_headed))
    return Lesson(text + lesson.text[at:], tuple(named))


def _as_typed(name: str, before: str, *, is_bare: bool) -> str:
    name = accents_off(name) if is_bare else name
    if before.islower():
        return name.lower()
    return name.upper() if before.isupper() and len(before) > 2 else name


def dressed(lesson: Lesson, chance: Random) -> Lesson:
    """The same with a word before or behind for whoever reads it."""
    before = chance.choice(_BEFORE) if chance.random() < 0.15 else ""
    behind = chance.choice(_BEHIND) if chance.random() < 0.15 else ""
    if lesson.text.isascii():
        before, behind = accents_off(before), accents_off(behind)
    named = (replace(one, start=one.start + len(before), end=one.end + len(before)) for one in lesson.named)
    return Lesson(before + lesson.text + behind, tuple(named))


def other_thumbs(lesson: Lesson, chance: Random) -> Lesson:
    """The same from a phone that leaves accents or capitals out, or writes nothing else."""
    text = lesson.text
    draw = chance.random()
    if draw < 0.46:
        text = accents_off(text)
    if 0.12 < draw < 0.66:
        text = text.lower()
    elif draw < 0.16 or 0.66 < draw < 0.76:
        text = text.upper()
    return Lesson(text, lesson.named) if len(text) == len(lesson.text) else lesson


# ── Teaching ────────────────────────────────────────────────────────────────────────────────────────────────────────


def labels(found: Sequence[Token], named: Sequence[Named]) -> list[str]:
    """What each token is to be marked as."""
    out = [NOTHING] * len(found)
    for one in named:
        inside = [at for at, token in enumerate(found) if one.start <= token.start and token.end <= one.end]
        kinds = PERSON if one.is_person else BRANCH
        for step, at in enumerate(inside):
            out[at] = kinds[min(step, len(kinds) - 1)]
    return out


def teach_marks() -> None:
    """Where names and branches stand: from every message whose reading tells of all whom it names, and its like."""
    chance = Random(SEED)
    trainer: Any = vars(pycrfsuite)["Trainer"](verbose=False)
    for lesson, others in (*lessons(), *((answer, FEWER) for answer in _answers(chance))):
        again = [lesson] + [elsewhere(lesson, chance) for _ in range(others if lesson.named else 2)]
        for one in [lesson, *(other_thumbs(dressed(one, chance), chance) for one in again)]:
            laid = typed(one.text)
            if laid.at is None and (found := tokens(laid)):
                trainer.append(features(found), labels(found, one.named))
    trainer.set_params(COSTS)
    trainer.train(str(path_of(marks.MODEL)))


_ANSWERS = _listed(
    """G|P|P nhé|đ/c P|đ/c G|G D, G D|P D, P D|G chứ không phải G|không phải G mà là G|G và G đã có đơn|P, P|G, G|B
    |P, B|P D B|đưa G và G ra khỏi nguồn|thêm nguồn G, P|thêm nguồn G Y, G, P|G Y|là P|tên là P|chi bộ B|ở B
    |G học lớp hôm D, G làm đơn|bỏ G khỏi nguồn|G đi làm xa rồi thôi
    |đổi người giúp đỡ P từ G sang G|thay G bằng G|từ P sang P
    |cấp D; G đi làm xa rồi thôi không làm hồ sơ nữa|sửa tên: G chứ không phải G
    |P chuyển sinh hoạt ra N rồi|tiếp nhận P từ N chuyển về|P đi N làm công ty, bỏ khỏi nguồn
    |đảng viên từ N chuyển về tên P
    |nhân dịp Quốc khánh kết nạp P|Dịp Quốc khánh vừa rồi kết nạp P|P theo chồng về N
    |P ở N về, chuyển sinh hoạt từ đảng bộ N
    |kết nạp P, à nhầm, P|P à quên P|không phải P mà P|P nhầm, P mới đúng
    |em Q tên P|P, Q, nam, sn Y|P, người Q|P dt Q|P, dân tộc Q|P (Q, Y)|P Y Q
    |hôm qua kn đc 3 người¶P¶P¶P|chủ nhật vừa rồi kết nạp 3 người¶P¶P¶P|kết nạp 2 đ/c¶P¶P|kết nạp:¶- P¶- P¶- P|P¶P¶P
    |Kết nạp ngày D gồm¶1. P¶2. P¶3. P|thêm nguồn¶P Y¶P Y|chi bộ B kết nạp¶P D¶P D|kết nạp hôm D¶P, sn Y¶P, sn Y"""
)
"""What is said in a talk: names (G: a given name alone), days, years, branches, places (N), peoples (Q), lines."""
_AWAY = _listed(
    """Nghệ An|Đắk Lắk|Huế|Bình Dương|Hà Nội|Gia Lai|Mộc Châu|Bắc Ninh|Sài Gòn|Đồng Nai|Thái Nguyên|Lào Cai|Sơn La
    |Kon Tum
    |Quân khu 5|Hải Phòng|Đà Nẵng|Cần Thơ|Thanh Hoá"""
)


def _answers(chance: Random) -> Iterator[Lesson]:
    for shape in _ANSWERS * TALKS:
        text = ""
        named: list[Named] = []
        for part in re.split(r"(\b[GPDYBNQ]\b)", shape.replace("¶", "\n")):
            start = len(text)
            text += _filled(part, chance)
            if part in ("G", "P", "B"):
                named.append(Named(start, len(text), part != "B", part == "B"))
        yield Lesson(text, tuple(named))


def _filled(part: str, chance: Random) -> str:
    match part:
        case "G":
            return given(chance)
        case "P":
            return person(chance)
        case "B":
            return branch(chance, is_headed=True)
        case "Y":
            return str(chance.randint(1970, 2006))
        case "D":
            return f"{chance.randint(1, 28)}/{chance.randint(1, 12)}"
        case "N":
            return chance.choice(_AWAY)
        case "Q":
            return chance.choice(ETHNIC_GROUPS)
        case _:
            return part


def teach_kinds() -> None:
    """What a message says as a whole: from every reading, with accents and without."""
    chance = Random(SEED)
    trainer: Any = vars(pycrfsuite)["Trainer"](verbose=False)
    for text, today, reading in _readings():
        spoken = dressed(Lesson(text, ()), chance).text
        for typed_text in dict.fromkeys((text, accents_off(text).lower(), spoken)):
            sentence = Sentence(telex.undo(tidy(typed_text)), today=today)
            if sentence.text:
                trainer.append([kinds.features(sentence)], [kind_taught(reading)])
    for text, today in _joined():
        sentence = Sentence(telex.undo(tidy(text)), today=today)
        trainer.append([kinds.features(sentence)], [kinds.SEVERAL])
    trainer.set_params({"c1": 0.3, "c2": 0.1, "max_iterations": 150})
    trainer.train(str(path_of(kinds.MODEL)))


def _joined() -> Iterator[tuple[str, date]]:
    """Two messages sent as one: few real ones are among the readings."""
    chance = Random(SEED)
    saved = [
        (text, today, reading["intent"])
        for text, today, reading in _readings()
        if is_saving(reading) and len(text) < 120
    ]
    for _ in range(PAIRS):
        (first, today, one), (second, _, other) = chance.sample(saved, 2)
        if one != other:
            yield f"{first.rstrip(' .!')}{chance.choice(_JOINTS)}{second}", today


def kind_taught(reading: Reading) -> str:
    """The intent, and what else tells one kind of it from another."""
    detail = next((str(reading[key]) for key in ("stage", "topic", "type", "consent") if key in reading), "")
    detail = detail or next(iter(reading.get("redact", ())), "") * (reading["intent"] == "sensitive_content")
    return f"{reading['intent']}:{detail}" if detail and reading["intent"] != "multi" else reading["intent"]


def main() -> None:
    teach_marks()
    teach_kinds()
    for name in (marks.MODEL, kinds.MODEL):
        print(f"{name}: {path_of(name).stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
