"""Admissions that are none of the Party's: the Youth Union, associations, and other uses of the letters "kn"."""

import re

from language.numbers import NUMBER
from language.sentence import KN

OTHER_KN = re.compile(
    r"\b(?:rut|chia se|trao doi|(?<!khong )(?<!chua )(?<!ko )(?<!\bk )co|nhieu|bai hoc|it|day) kn\b|\bkn (?:cong tac|lam viec|lanh dao|thuc te|song|hay|quy|trong|nuoi|cham soc|ban hang|day con|lam an|san xuat|canh tac|ngay (?:cuoi|gio|mat|nhap hoc|ra truong|thanh lap))"
    r"|\b(?:le |ngay )?kn (?:\d+ nam|ngay thanh lap|ngay \d+/\d+ la|ngay truyen thong|ngay sinh|lan thu)|\ble kn (?:ngay )?(?:3/2|19/5|2/9|30/4|22/12|20/11|20/10|8/3|26/3|27/7)(?!/)"
)
_ASSOCIATION = re.compile(
    rf"(?<!\w)(?:(?:{KN}|phat trien)(?: duoc| dc| moi| them| cho| vao)*(?: {NUMBER})?(?: ban| em| dong chi| dc| d/c| nguoi| chau)?(?: tro thanh)? (?:doan vien(?! uu tu)|hoi vien|doi vien|thanh vien|dan quan|to vien|xa vien|cong doan vien|the he tre|doi sao|sao nhi dong|doi thieu nien|doi\b(?= (?:sao|thieu|nhi))|doan thanh nien|thanh nien|doan\b(?! vien)|hoi (?!thang|nam|tuan|quy|sang|chieu|dau|cuoi|trua|hom|ngay|\d)|cong doan|doan tncs|dtn\b|mat tran)"
    r"|(?:\bhoi (?:nong dan|phu nu|lhpn|ccb|cuu chien binh|lhtn|chu thap do|nguoi cao tuoi|khuyen hoc|thanh nien|nd|pn|cuu thanh nien)|chi hoi|\bdoan (?:thanh nien|xa|phuong|truong|tn)|chi doan|lien doi|cong doan(?! vien)|\bdtn|hoi vien)[^,;.\n]{0,90}(?:ket ?nap|kn)\b(?![^,;\n]{0,90}vao dang)"
    r"|(?:ket ?nap|kn)[^;.\n]{0,90}\bvao (?:doan|hoi|cong doan|doi|hop tac xa|htx|to |cau lac bo|clb|ban chap hanh)\b|\bvao (?:doan|hoi)\b[^,;.\n]{0,90}(?:ket ?nap|kn)|\ble (?:ra mat|truong thanh doi|ket nap (?:doan|doi|hoi) vien))"
)
_PARTY_SAID = re.compile(
    r"vao dang|(?:ket ?nap|kn) (?:duoc |dc |them |moi )?(?:\d+ )?(?:dang vien|dv|dang)\b|dang vien moi"
)

_JOINED = re.compile(r"ket ?nap|\bkn\b|le ")


def blank(found: re.Match[str]) -> str:
    return "#" * len(found[0])


def is_other_body(flat: str) -> bool:
    """Whether a bare sentence tells of somebody joining the Youth Union, an association or the like."""
    if not _JOINED.search(flat) or not _ASSOCIATION.search(flat):
        return False
    return _PARTY_SAID.search(flat) is None
