"""Candidates: put on the list, a stage reached, helpers assigned, dropped with a reason."""

import re
from dataclasses import replace

from domain.intents import Day, Intent, Named, Need, Wish
from domain.records import DropReason, Stage
from language.names import FoundName
from language.sentence import KN, NOT, Sentence, is_exact, settle
from language.telex import is_syllable
from language.vocabulary import GIVEN

_ADDED = re.compile(
    r"(?<!\w)(?:\b(?:bo sung|them|dua|gioi thieu|dang ky|ghi|nhap|cap nhat|de xuat|phat hien|ket luan|cho|chon|xin|vao)\b[^;\n]{0,80}\b(?:nguon|quan chung|ds cam tinh|danh sach (?:nguon|cam tinh|doi tuong|quan chung)|cam tinh dang|doi tuong dang|qcut|qc\b|ds nguon)"
    r"|\b(?:nguon|quan chung(?: uu tu)?|qcut|cam tinh|doi tuong)(?: dang| ket nap)? (?:moi|bo sung|gioi thieu|them)\b|^nguon\b[^;\n?]{0,40}(?:gom(?: co)?|:)|\btao nguon\b|\bvao nguon\b|\bthem (?:mot |1 |\d )?(?:nguoi|ban|em|chau|d/c|dc|dong chi)\b|^(?:bo sung|them nguon)[ :]+|^nguon ?:)"
)
_ADDED_PLAINLY = re.compile(
    r"\bvao (?:ds |danh sach |dien )?(?:nguon|cam tinh|doi tuong|quan chung)|\b(?:bo sung|them|dua) (?:them )?(?:\d+ )?(?:nguon|quan chung|qcut|qc)|gioi thieu (?:them )?(?:\d+ |mot |hai )?(?:quan chung|qcut|qc\b)|(?:nguon|quan chung) moi|^nguon\b[^;\n?]{0,60}\b(?:them|bo sung) x{2}|\bnguon\b[^;\n?]{0,24}\bthem (?:dong chi|d/c|dc|anh|chi|em|chau|quan chung)|vao (?:danh sach|ds)(?: \w+)? (?:nguon|cam tinh)"
)
_NOT_ADDED = re.compile(
    rf"\b{NOT} (?:dua|bo sung|ghi|cho|them)\b[^;,\n]{{0,30}}\bnguon|ra khoi|khoi nguon|rut|khong (?:con|muon)|con lai|giup do|bao nhieu|danh sach nao|\bnguon con \d|\bloai\b|\bgach\b|\bhoc lop|di hoc lop|du nguon"
)
_DROPPED = re.compile(
    r"(?<!\w)(?:\bthoi (?:khoi |lam |khong lam )?(?:nguon|doi tuong|cam tinh|quan chung uu tu)\b|(?:khong|ko|k|chang|het) (?:con )?(?:tha thiet|thiet tha|co nguyen vong|nguyen vong|thich|muon|nhu cau|man ma|ham)(?: nua)?[^;,\n]{0,14}(?:vao dang|phan dau|ket nap|dang vien)|(?:het|khong con) (?:muon|nguyen vong|tha thiet|nhiet tinh)\b|\b(?:rut|dua|loai|gach|cho|bo|xoa|xin)\b[^;\n]{0,60}\b(?:ra khoi|khoi|ra) ?(?:nguon|danh sach|ds|cam tinh|doi tuong|quan chung)|\b(?:xin )?(?:rut|thoi)(?: khong)? (?:khoi nguon|ten|lui|ra|phan dau|vao dang|lam ho so|theo)|\bgach ten|^(?:loai|gach) x{2,}|\bnen xin thoi\b|\bthoi,? (?:khong|ko|k) (?:lam|theo|phan dau|vao|xet|dua)|\b(?:khong|ko|k) (?:lam ho so|phan dau|lam|theo doi|vao dang|tham gia|xet) nua|\bxoa (?:ten )?[^;\n]{0,40}khoi (?:nguon|ds|danh sach)|\bbo (?:khoi )?nguon|\bxin rut\b|(?:khong|ko|k) (?:con )?muon (?:vao dang|phan dau|lam ho so|ket nap)|ra khoi (?:nguon|danh sach|ds)|khong (?:con )?(?:trong )?nguon nua|\bdung (?:theo doi|boi duong))"
)
_REASONS: tuple[tuple[DropReason, re.Pattern[str]], ...] = (
    (DropReason.VIOLATION, re.compile(r"vi pham|uong ruou|gay roi|say xin|sinh con thu|con thu (?:3|ba|4|bon|tu)\b|ky luat|bi phat|danh bac|phap luat|nong do con|bi bat|khoi to|xu phat|sai pham|bang gia\b|trom|lua dao|lam thu\b|sai phep|pha rung|danh bai")),
    (DropReason.AGE, re.compile(r"(?:qua|het|lon|cao|vuot|ngoai) tuoi|tuoi (?:cao|lon|qua)|\bgia (?:roi|qua|yeu)|\b6\d tuoi|qua 60")),
    (DropReason.EDUCATION, re.compile(r"hoc van|trinh do|(?:chua|khong|ko) (?:hoc |tot nghiep |co bang |hoc het |het |xong |du |co )+(?:lop|cap|thcs|thpt|bang|tot nghiep|van hoa)|(?:khong|chua|ko) co bang|khong biet chu|mu chu|chua het cap|moi hoc (?:het )?lop [1-8]\b|\bbo hoc\b|chua tot nghiep|khong du hoc van")),
    (DropReason.NO_WISH, re.compile(r"(?:khong|ko|k|chua|chang) (?:con )?(?:muon|thiet tha|tha thiet|co nguyen vong|thich|nguyen vong|co nhu cau|co y dinh|man ma|phan dau|hung thu|tu nguyen|tha)|tu choi|xin (?:thoi|rut)|tu nguyen rut|tu xin|het (?:muon|nhiet tinh)|ngai|khong thich")),
    (DropReason.AWAY, re.compile(r"di (?:lam|mien nam|nam|nuoc ngoai|xuat khau|xkld|nhat|han|dai loan|lao dong|bac ninh|bac giang|binh duong|sai gon|ha noi|dong nai|cong ty|hoc (?:xa|dai hoc|nghe|o)|an xa|khoi|xa|tp|hcm)\b|vao (?:nam|sai gon|binh duong|mien nam|tp|dong nai)|chuyen (?:di|cho o|noi o|khau|ve que|que|nha|sang xa|noi khac|len)|lay chong|(?:bo|roi) (?:dia phuong|que|di)|xkld|lam (?:an )?xa|ra nuoc ngoai|lam o xa|khong o (?:dia phuong|day|nha|que)|dinh cu|(?:di|sang) (?:lao|trung quoc|campuchia|malaysia)\b|lam ray|bo xu\b|theo (?:chong|vo|con)\b|chuyen (?:ho khau|hk)\b|lam (?:muon|thue)\b|o (?:binh duong|sai gon|han|nhat|dai loan)|vang mat (?:lau|khoi)|xuat khau")),
    (DropReason.PERSONAL, re.compile(r"viec gia dinh|hoan canh|ly do (?:ca nhan|gia dinh|rieng|suc khoe)|chuyen gia dinh|chuyen rieng|\bom\b|\bbenh|suc khoe|\bban\b (?:viec|con|lam|qua)|con nho|kho khan|gia dinh|viec nha")),
)  # fmt: skip
_HELPERS = re.compile(r"\b(?:giup do|giup|theo doi,? giup|kem cap|kem|huong dan|boi duong,? giup do|phu trach)\b")
_ASSIGNED = re.compile(
    r"\b(?:phan cong|giao|nho|de nghi|cu|chi dinh|cung giup do|doi nguoi|nguoi giup do|dang vien giup do|thay)\b|\bgiup do (?:quan chung|qc|dong chi|d/c|dc|anh|chi|em)|\bdo (?:dong chi|d/c|dc|anh|chi)? ?x{2,}[^;\n]{0,12}\b(?:phu trach|giup do|kem|theo doi)"
)
_INSTEAD = re.compile(r"\btu (?:dong chi |d/c |dc |anh |chi |ong |ba )?x{2,}(?: x+)* (?:sang|qua|thanh) ")
_BY_WHOM = re.compile(r"\bdo (?:dong chi |d/c |dc |anh |chi |ong |ba )?$")
_REPLACED = re.compile(r"\bthay(?: the)?(?: cho)? (?:dong chi |d/c |dc |anh |chi |ong |ba )?$")
_STATED: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    (Stage.RETURNED, re.compile(r"(?:bi |duoc )?tra (?:lai |ve )?(?:ho so|hs)|(?:ho so|hs)[^;\n]{0,50}\b(?:bi tra|tra lai|tra ve|bi tra ve)|yeu cau (?:lam lai|bo sung)|phai (?:lam lai|bo sung|khai lai)|bi tra (?:lai|ve)")),
    (Stage.PAUSED, re.compile(r"tam (?:dung|hoan|ngung|gac|de lai)|hoan (?:lai|viec xet|xet)|\bde (?:lai )?sau\b|\bdung lai mot thoi gian")),
    (Stage.CV_VERIFIED, re.compile(r"(?:tham tra|xac minh)(?: ly lich| ll)?[^;\n]{0,50}?\b(?:xong|da co ket qua|co ket qua|ve roi|hoan thanh|dat|ok)\b|(?:da|co|xong|nhan)(?: duoc)?(?: xong)? (?:ket qua |phieu |ban )?(?:tham tra|xac minh|cong van tham tra)|(?:tham tra|xac minh) (?:r|roi)\b")),
    (Stage.CV_VERIFYING, re.compile(r"(?:dang|di|gui|cho|bat dau|tien hanh|chuan bi)(?: di| cong van| phieu| ket qua)* (?:tham tra|xac minh)|tham tra ly lich|xac minh ly lich|gui (?:phieu |cong van )?(?:tham tra|xac minh)|\btham tra\b")),
    (Stage.OPINIONS, re.compile(r"(?:y kien|nhan xet|gioi thieu)(?: cua)? (?:nhan xet )?(?:cua )?(?:noi (?:cu tru|o)|chi uy|doan the|chi bo noi|dia phuong|mttq|mat tran|cong doan|quan chung noi)|(?:lay|xin)(?: duoc| xong)* y kien|y kien (?:doan the|noi)|2 chieu|phieu y kien|co y kien")),
    (Stage.COMMITTEE_REVIEW, re.compile(r"(?:nop|gui|trinh|chuyen|day)(?: xong)?(?: ho so| hs)?(?: \w+){0,6}? (?:len|cho|ve|sang) (?:dang uy|du\b|btv|ban thuong vu|xa|phuong|cap tren|huyen|ban to chuc|ban xay dung|vp dang uy|van phong)|(?:dang uy|btv|ban thuong vu|ban xay dung dang|ban to chuc)[^;\n]{0,40}(?:xet|tham dinh|xem xet|nhan ho so|dang xem)|cho dang uy")),
    (Stage.NEW_MEMBER_CLASS, re.compile(r"(?:hoc|xong|qua|hoan thanh|giay)[^;\n]{0,20}\blop[^;\n]{0,14}(?:dang vien moi|dv moi)")),
    (Stage.CLASS_DONE, re.compile(r"(?:hoc xong|hoan thanh|xong|ket thuc|be giang|tot nghiep|da hoc|hoc roi|da qua|qua|da duoc hoc|vua hoc|moi hoc)(?: xong)?(?: khoa| het)? (?:lop|cam tinh|hoc lop|boi duong|nhan thuc|doi tuong|khoa)|\bbe giang\b|(?:lop|hoc)[^;,\n]{0,40}\b(?:xong|hoan thanh|ket thuc)\b|(?:da |moi |vua |duoc |roi )*(?:co|nhan|cap|lay|duoc)(?: duoc| giay| xong)* (?:giay (?:chung nhan|cn|lop|hoc|hoan thanh)|gcn|chung nhan|chung chi|giay cam tinh|cn lop)|(?:gcn|giay chung nhan|giay cn|giay lop|giay cam tinh|chung chi lop)[^;\n]{0,50}(?:cap|ngay|roi|so|\d)|hoc (?:lop )?cam tinh(?: dang)? (?:roi|r)\b")),
    (Stage.CLASS_REGISTERED, re.compile(r"(?:dang ky|dki|dk|cu|dang|di|duoc cu|gui|moi|cho|sap)\b[^;\n]{0,70}? (?:hoc|di hoc|du|tham gia|lop)(?: lop)?(?: boi duong)? ?(?:lop|cam tinh|nhan thuc|boi duong|doi tuong|dang)|(?:dang ky|dki|dk)(?: \w+){0,6}? lop|di hoc cam tinh|dang hoc")),
    (Stage.CV_DECLARED, re.compile(r"(?:khai|ke khai|viet|lam)(?: xong)?(?: ban)? (?:l[yi] lich|ll)\b|(?:ly lich|\bll)\b[^;\n]{0,30}(?:khai|viet|ke)(?: xong| roi)|(?:nop|xong)(?: ban)? (?:ly lich|ll)\b")),
    (Stage.APPLICATION, re.compile(r"(?:viet|nop|co|lam|da co|gui)(?: xong)?(?: la)? don(?: xin)?(?: vao dang| gia nhap)?|don xin vao dang")),
    (Stage.DOSSIER_OPEN, re.compile(r"(?:lap|lam|mo|khoi tao|bat dau|tien hanh|dang lam|huong dan lam|phat)(?: lam| xong| bo)? (?:ho so|hs)\b|(?:ho so|\bhs)\b[^;\n]{0,40}\b(?:lap|mo|lam)\b")),
    (Stage.BRANCH_RESOLVED, re.compile(r"(?:chi bo|\bcb\b)[^;\n]{0,20}\b(?:co|ra|xong)(?: duoc)? (?:nghi quyet|nq)\b|\b(?:co|ra) (?:nghi quyet|nq) (?:cua )?(?:chi bo|cb)\b")),
    (Stage.UNION_INTRODUCED, re.compile(r"(?:duoc )?(?:cac )?(?:doan the|to chuc hoi) (?:da )?gioi thieu|(?:chi doan|doan(?: thanh nien| xa| phuong| truong| co so| tn)?|dtn|cong doan|hoi \w+(?: \w+)?)(?: da| vua| hop| ra nghi quyet| moi)* gioi thieu|nghi quyet gioi thieu|gioi thieu doan vien uu tu|doan (?:da )?gioi thieu")),
)  # fmt: skip
_UNTRUE = re.compile(
    rf"\b(?:{NOT}|se|sap|chuan bi|can|phai|du kien|muon|moi)(?: (?:duoc|co|kip|di|the|xong|da|cho|con))*\s$"
)


def helpers(sentence: Sentence) -> Wish | None:
    """`Phân công đ/c A và đ/c B giúp đỡ quần chúng C`: before the verb who helps, after it who is helped."""
    said = re.sub(
        r"\b(?:cap nhat|ghi|luu|nhap|sua|xoa|them|bao)(?: giup| ho| gium)+\b",
        lambda found: " " * len(found[0]),
        sentence.said,
    )
    verb = _HELPERS.search(said)
    if verb is None or sentence.is_question or len(sentence.names) < 1 or not _ASSIGNED.search(sentence.said):
        return None
    if re.search(r"(?:ket ?nap|\bkn\b)[^;\n]{0,90}(?:hom|ngay|\d/\d)|\bgiup (?:em|toi|minh|voi|nhe)\b", sentence.said):
        return None
    before: list[str] = []
    replaced: list[str] = []
    after: list[Named] = []
    is_reversed = re.search(
        r"\bdo (?:dong chi |d/c |dc |anh |chi )?x{2,}[^;\n]{0,12}\b(?:phu trach|giup do|kem|theo doi)|(?:nguoi|dang vien) giup do|giup do(?: quan chung| cho)?[^;\n]{0,90} la (?:dong chi|d/c|dc|anh|chi)",
        sentence.said,
    )
    for found, named in zip(sentence.names, sentence.people(is_rich=True), strict=True):
        if _REPLACED.search(sentence.flat[max(0, found.start - 30) : found.start]) or _goes(sentence, found):
            replaced.append(named.name)
        elif found.start < verb.start():
            before.append(named.name)
        else:
            after.append(named)
    if is_reversed and len(before) > 1 and not after:
        by = [at for at, name in enumerate(sentence.names) if _BY_WHOM.search(sentence.flat[: name.start])]
        first = by[0] if by and by[0] else 1
        return Wish(
            Intent.ASSIGN_HELPER,
            people=sentence.people(is_rich=True)[:first],
            branch=sentence.branch,
            extra=tuple(("helpers", name) for name in before[first:]),
        )
    if _INSTEAD.search(sentence.said) and len(before) + len(after) > 2:
        # "đổi người giúp đỡ Siểu từ Hùng sang Đức"
        *held, old, new = (*before, *(one.name for one in after))
        people = tuple(one for one in sentence.people(is_rich=True) if one.name in held)
        return Wish(Intent.ASSIGN_HELPER, people=people, extra=(("helpers", new), ("replaces", old)))
    if is_reversed and not before and len(after) > 1:
        before, after = [person.name for person in after[1:]], after[:1]
    needs = () if after and before else (Need.NAME,)
    extra = [*(("helpers", name) for name in before), *(("replaces", name) for name in replaced)]
    return Wish(Intent.ASSIGN_HELPER, people=tuple(after), branch=sentence.branch, needs=needs, extra=tuple(extra))


_GOES = re.compile(r" (?:(?:da|vua|xin|moi) )*(?:chuyen|nghi|ban|om|di)\b")
_FROM_BEFORE = re.compile(r"\b(?:tu|doi) (?:dong chi |d/c |dc |anh |chi |ong |ba |co )?$")


def _goes(sentence: Sentence, found: FoundName) -> bool:
    """Whether somebody helps no longer: `Út Nhỏ chuyển công tác`, `đổi từ cô Phượng sang …`."""
    if _GOES.match(sentence.flat, found.end):
        return True
    before = sentence.flat[max(0, found.start - 20) : found.start]
    return (
        _FROM_BEFORE.search(before) is not None
        and re.search(r"\b(?:sang|qua)\b", sentence.flat[found.end :]) is not None
    )


_HELPED_BEFORE = re.compile(
    r"\b(?:(?:quan chung|qc|qcut|giup do|giup|kem cap|kem|theo doi|huong dan|diu dat|boi duong)(?: (?:cho|them))?(?: (?:quan chung|qc|em|chau|anh|chi|ban|thang|con|cai))?|(?:cho|cua)(?: (?:quan chung|qc|em|chau|ban|thang))?|em|chau|ban) $"
)


def helped(sentence: Sentence) -> Wish:
    """Who helps whom, told in other words: the helped are those behind a word of helping, or called quần chúng."""
    people = sentence.people(is_rich=True)
    helped_ones: list[Named] = []
    helping: list[str] = []
    replaced: list[str] = []
    for found, named in zip(sentence.names, people, strict=True):
        before = sentence.flat[max(0, found.start - 30) : found.start]
        if _REPLACED.search(before) or _goes(sentence, found):
            replaced.append(named.name)
        elif not helped_ones and _HELPED_BEFORE.search(before):
            helped_ones.append(named)
        else:
            helping.append(named.name)
    needs = () if helped_ones and helping else (Need.NAME,)
    extra = [*(("helpers", name) for name in helping), *(("replaces", name) for name in replaced)]
    return Wish(
        Intent.ASSIGN_HELPER, people=tuple(helped_ones), branch=sentence.branch, needs=needs, extra=tuple(extra)
    )


def drop(sentence: Sentence) -> Wish | None:
    """Somebody leaves the list; the reason is a code."""
    if sentence.is_question or _OF_MEMBERS.search(sentence.said):
        return None
    reason = reason_of(sentence.said)
    is_dropped = _DROPPED.search(sentence.said) is not None
    named = sentence.people() or _head(sentence)
    is_gone = (
        reason is not None
        and reason is not DropReason.PERSONAL
        and re.search(r"\b(?:thoi|nua|roi|khong con|het)\b", sentence.said)
        and named
        and not re.search(KN, sentence.said)
    )
    if not is_dropped and not is_gone:
        return None
    if re.search(r"tam (?:dung|hoan)|\bdang vien\b(?! chinh)|chi tieu", sentence.said) and not is_dropped:
        return None
    return replace(dropped(sentence), is_doubtful=not is_dropped)


def dropped(sentence: Sentence) -> Wish:
    """Whoever is named leaves the list."""
    people = sentence.people() or _head(sentence) or _left_alone(sentence)
    return Wish(
        Intent.DROP_CANDIDATE,
        people=people,
        branch=sentence.branch,
        reason_code=reason_of(sentence.said),
        needs=() if people else (Need.NAME,),
    )


_OF_MEMBERS = re.compile(
    r"(?:danh sach|ds) (?:dang vien|dv)\b|sinh hoat dang\b|khai tru|(?:dang uy|btv|thuong vu|chi bo)[^;\n]{0,20} xoa ten|ra khoi dang\b|khoi dang\b"
)
_GIVEN_ALONE = re.compile(
    r"(?:^|[ ,])(?:bo|rut|loai|gach|xoa|dua|cho|theo doi)(?: ten)?(?: (?:dong chi|d/c|dc|anh|chi|em|chau|co|chu|ban|quan chung|qc))* (?P<name>[a-z]{1,7}(?: [a-z]{1,7}){0,2}?)(?: ra)? (?:khoi|nua)\b"
)
_NOBODY = frozenset("no ho ai nguoi nay do anh chi em ten ra nguon do vao mot hai viec minh toi danh sach dang doi tuong quan chung cam tinh di hoc lop".split())  # fmt: skip


def _left_alone(sentence: Sentence) -> tuple[Named, ...]:
    """The given name alone between the verb and what somebody leaves: `bo na khoi nguon`. Only the list knows it."""
    found = _GIVEN_ALONE.search(sentence.flat)
    if found is None or any(word in _NOBODY for word in found["name"].split()):
        return ()
    return (Named(sentence.original(*found.span("name")).title()),)


def reason_of(flat: str) -> DropReason | None:
    """The code behind a reason in words; what stands behind "vì" is the reason before anything else."""
    if (so := re.search(r"^(?P<why>.+?)\b(?:nen|thanh ra|cho nen)\b", flat)) and (
        told := next((reason for reason, pattern in _REASONS if pattern.search(so["why"])), None)
    ):
        return told
    if because := re.search(r"\b(?:vi|do|ly do)\b(?P<why>.+)", flat):
        told = next((reason for reason, pattern in _REASONS if pattern.search(because["why"])), None)
        if told is not None:
            return told
    return next((reason for reason, pattern in _REASONS if pattern.search(flat)), None)


def _stage_at(flat: str, stage: Stage) -> int:
    """Where the words of this stage begin."""
    patterns = [pattern for stated, pattern in _STATED if stated is stage]
    return next((found.start() for pattern in patterns for found in pattern.finditer(flat)), 0)


_SCHOOL = re.compile(r"\b(?:moi )?hoc (?:het |xong |den )*lop \d{1,2}\b(?! ?[/.])")


def _stage(flat: str) -> Stage | None:
    for stage, pattern in _STATED:
        for found in pattern.finditer(_SCHOOL.sub(" ", flat)):
            if not _UNTRUE.search(flat[max(0, found.start() - 24) : found.start()]) and not re.search(
                rf"\b{NOT}\b", found[0]
            ):
                return stage
    return None


def stage_said(flat: str) -> Stage | None:
    """The stage that these words tell of."""
    return _stage(flat)


_HEAD = re.compile(
    r"(?:(?:anh|chi|em|chau|co|chu|dong chi|d/c|dc|qc|ban) )?(?P<name>[a-z]{2,7})(?= (?:da|moi|vua|dang|di|hoc|lam|nop|viet|xong|khai|co|duoc|dc|xin|qua|lay|bo|chuyen|khong|ko|thoi (?:theo|khong|ko|lam))\b)"
)
_NO_HEAD = frozenset(
    """chi bo cb thon xa phuong dang uy doan hoi lop ho so ly lich don giay gcn ai ho no toi em minh nguoi nay hom ngay thang nam nguon
    quan chung da moi vua dang di hoc lam nop viet xong khai co duoc dc xin qua lay chuyen khong ko chua se sap roi thi va con cung vi
    do neu khi cho bao cao hien van cac nhung tat ca deu dong doi tuong cam tinh danh sach uu tu bi thu anh ban be ket nap kn thoi rut""".split()
)


def _head(sentence: Sentence, start: int = 0) -> tuple[Named, ...]:
    """A given name that is a common word too, where a clause speaks of somebody: `ba lam don roi`."""
    found = _HEAD.match(sentence.flat, start)
    if found is None or found["name"] in _NO_HEAD - GIVEN or not is_syllable(found["name"]):
        return ()
    if found["name"] in ("nam", "sau", "hoc") and sentence.flat.startswith("hoc", found.end() + 1):
        return ()
    return (Named(sentence.original(*found.span("name")).title()),)


def _clause(flat: str, at: int) -> int:
    """Where the clause that holds this place begins."""
    start = max(flat.rfind(mark, 0, at + 1) for mark in (",", ";", "\n")) + 1
    return start + len(flat[start:]) - len(flat[start:].lstrip())


_LISTED_WITH = re.compile(r"[\s,;&+/\-\d.)(]*(?:va |voi |cung |dong chi |d/c |dc |em |anh |chi |sn |sinh )*[\s\d,)(]*")


def _of_whom(sentence: Sentence, at: int, *, is_rich: bool) -> tuple[Named, ...]:
    """Whom a step at this place is told of: `na hoc lop, ba lam don` tells of Ba only that he applied."""
    start = _clause(sentence.flat, at)
    people = sentence.people(is_rich=is_rich)
    own = [place for place, name in enumerate(sentence.names) if start <= name.start]
    if not own:
        return _head(sentence, start) or people
    first = own[0]
    while first and _LISTED_WITH.fullmatch(sentence.flat, sentence.names[first - 1].end, sentence.names[first].start):
        first -= 1
    return people[first:]


def update(sentence: Sentence) -> Wish | None:
    """A stage reached, with the day of the paper that belongs to it."""
    if sentence.is_question:
        return None
    stage = _stage(sentence.said)
    if stage is None:
        return None
    if not sentence.names and re.search(
        r"\b(?:lop|chi bo|can bo) (?:da|se|dang) (?:mo|khai giang)|giay moi", sentence.said
    ):
        return None
    return reached(sentence, stage)


def reached(sentence: Sentence, stage: Stage) -> Wish:
    """Whoever is named has come to this stage; votes, where they are told, decide."""
    today = sentence.today
    needs: list[Need] = [] if sentence.names else [Need.NAME]
    extra: tuple[tuple[str, str], ...] = ()
    if stage in (Stage.BRANCH_RESOLVED, Stage.BRANCH_REJECTED) and sentence.vote is not None:
        votes, total = sentence.vote
        stage = Stage.BRANCH_RESOLVED if votes * 3 >= total * 2 else Stage.BRANCH_REJECTED
        extra = (("vote_for", str(votes)), ("vote_total", str(total)))
    certificate: Day | None = None
    dossier: Day | None = None
    on: Day | None = None
    trouble = None
    typed_date = ""
    if stage is Stage.CLASS_DONE:
        certificate, trouble, typed_date = settle(sentence.days, today)
        if not is_exact(certificate):
            needs.append(Need.CERTIFICATE_DATE)
    elif stage is Stage.DOSSIER_OPEN:
        dossier, trouble, typed_date = settle(sentence.days, today)
    else:
        # "đăng ký lớp tháng 12" tells when the class is held.
        days = tuple(day for day in sentence.days if not day.is_month or stage is not Stage.CLASS_REGISTERED)
        on, trouble, typed_date = settle(days, today)
        if trouble is not None:
            needs.append(Need.DATE)
    people = _of_whom(sentence, _stage_at(sentence.said, stage), is_rich=stage is Stage.UNION_INTRODUCED)
    needs = [need for need in needs if need is not Need.NAME or not people]
    return Wish(
        Intent.UPDATE_CANDIDATE,
        people=people,
        branch=sentence.branch,
        stage=stage,
        date=on,
        certificate_date=certificate,
        dossier_date=dossier,
        reason_code=reason_of(sentence.said) if stage is Stage.PAUSED else None,
        count=sentence.count if (sentence.count or 0) > 1 else None,
        trouble=trouble,
        typed_date=typed_date,
        needs=tuple(needs),
        extra=extra,
    )


def is_added_plainly(sentence: Sentence) -> bool:
    """Whether somebody is put on the list in so many words."""
    said = sentence.said
    return (
        not sentence.is_question
        and re.search(
            r"^(?:bo sung|them|dua|ghi)\b[^?\n]{1,60}\bvao (?:ds |danh sach )?(?:nguon|cam tinh|doi tuong)", said
        )
        is not None
    )


def add_plainly(sentence: Sentence) -> Wish | None:
    """The list itself is named as where somebody goes: no other reading is possible."""
    if sentence.is_question or not _ADDED_PLAINLY.search(sentence.said) or _NOT_ADDED.search(sentence.said):
        return None
    return added(sentence)


def add(sentence: Sentence) -> Wish | None:
    """People put on the list."""
    if sentence.is_question or not _ADDED.search(sentence.said) or _NOT_ADDED.search(sentence.said):
        return None
    return added(sentence)


_IN_BRACKETS = re.compile(r"\((?:sn |sinh )?(?:19|20)\d\d\)")
"""Each of these stands behind somebody."""


def added(sentence: Sentence) -> Wish:
    """The wish to add whoever is named, for the command as well."""
    people = sentence.people(is_rich=True)
    count = sentence.count
    needs: list[Need] = []
    if not people:
        needs.append(Need.NAMES if count and count > 1 else Need.NAME)
    elif (count is not None and count > len(people)) or len(_IN_BRACKETS.findall(sentence.flat)) > len(people):
        needs.append(Need.COUNT_MISMATCH)
    return Wish(
        Intent.ADD_CANDIDATE,
        people=people,
        count=count if count is not None and (count != len(people) or count > 1) else None,
        branch=sentence.branch,
        needs=tuple(needs),
        extra=_year_meant(sentence),
    )


_FOR_YEAR = re.compile(
    r"\b(?:nguon|ket ?nap|kn)(?: dang vien| dang)?(?: cua| cho)?(?: nam)? (?P<year>20\d\d|sau|toi|nay)\b"
)


def _year_meant(sentence: Sentence) -> tuple[tuple[str, str], ...]:
    """The year for which somebody is put on the list."""
    found = _FOR_YEAR.search(sentence.said)
    if found is None or found["year"] == "nay":
        return ()
    year = int(found["year"]) if found["year"].isdigit() else sentence.today.year + 1
    return (("target_year", str(year)),)
