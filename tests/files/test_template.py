"""The form that an office fills in, and a plan written into it and read again."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from domain.intents import Month
from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit
from domain.past import PlannedAdmission, PlannedCandidate
from domain.people import Role
from domain.problems import ProblemCode
from domain.quotas import Target, TargetShape
from domain.units import MemberCount, Sector, UnitKind
from files.cells import clean
from files.package import LIMIT_FILE, LIMIT_ROWS, MEGABYTE
from files.units import UNDER
from files.workbook import read_office, write_office, write_template
from language.headings import EXAMPLE_WORD, GUIDE, STAGE_WORDS
from language.plain import fold
from tests.files.sheets import (
    ADMISSION_HEADINGS,
    CANDIDATE_HEADINGS,
    PEOPLE_HEADINGS,
    QUOTA_HEADINGS,
    UNIT_HEADINGS,
    plan_of,
)


def test_the_form_has_a_guide_and_the_sheets_with_their_headings() -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(write_template()))
    sheets = ["Đơn vị", "Chỉ tiêu", "Người phụ trách", "Nguồn", "Kết nạp"]
    assert book.sheet_names == ["Hướng dẫn", *sheets, "Danh mục"]
    wanted = (UNIT_HEADINGS, QUOTA_HEADINGS, PEOPLE_HEADINGS, CANDIDATE_HEADINGS, ADMISSION_HEADINGS)
    for name, headings in zip(sheets, wanted, strict=True):
        first = book.get_sheet_by_name(name).to_python()[0]
        assert [str(title).removesuffix(" *") for title in first] == list(headings)


def test_the_guide_tells_the_limits_that_hold() -> None:
    said = " ".join(line for _, lines in GUIDE for line in lines)
    assert f"{LIMIT_ROWS:,} dòng".replace(",", ".") in said
    assert f"{LIMIT_FILE // MEGABYTE} MB" in said


def test_the_empty_form_is_answered_with_what_is_still_wanted() -> None:
    plan, (problem,) = read_office(write_template())
    assert plan is None
    assert problem.code == ProblemCode.NO_UNITS


def test_the_form_is_ready_to_fill_in_and_to_print() -> None:
    with ZipFile(BytesIO(write_template())) as archive:
        units = archive.read("xl/worksheets/sheet2.xml").decode()
        lists = archive.read("xl/workbook.xml").decode()
    for wanted in ('state="frozen"', "<dataValidation ", 'orientation="landscape"', 'fitToHeight="0"', "<autoFilter"):
        assert wanted in units
    assert "_xlnm.Print_Titles" in lists
    assert 'name="Danh mục" sheetId="7" state="hidden"' in lists


def test_the_same_plan_gives_the_same_file() -> None:
    plan = OfficePlan(units=(PlannedUnit("X1", "Đảng bộ xã An Hòa", UnitKind.GRASSROOTS),))
    assert write_office(plan) == write_office(plan)


texts = st.text(st.characters(min_codepoint=32, max_codepoint=0x1EFF), min_size=1, max_size=24).map(clean)
names = st.one_of(
    texts,
    st.sampled_from(
        ["=1+1", "+84", "@a", "-", "<b>&amp;</b>", "Trần Thị Hoà", "_x0041_", "Đ", "'x", "true", "1", "1/2"]
    ),
).filter(lambda text: text and _is_readable(text))


def _is_readable(text: str) -> bool:
    has_old_signs = any(sign in "¨©ª«¬®µ¶·¸¹»¼½¾¿¡¢£¤¥¦§" for sign in text)
    return not has_old_signs and ";" not in text and bool(fold(text)) and not fold(text).startswith(fold(EXAMPLE_WORD))


days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
counts = st.integers(0, 10_000_000)


@st.composite
def targets(draw: st.DrawFn) -> Target:
    low = draw(counts)
    shape = draw(st.sampled_from(TargetShape))
    return Target(low, shape, draw(st.integers(low, 10_000_000)) if shape is TargetShape.RANGE else None)


@st.composite
def plans(draw: st.DrawFn) -> OfficePlan:
    codes = draw(st.lists(names, min_size=1, max_size=8, unique_by=fold))
    titles = draw(st.lists(names, min_size=len(codes), max_size=len(codes), unique_by=fold))
    units: list[PlannedUnit] = []
    depth: dict[str, int] = {}
    for code, title in zip(codes, titles, strict=True):
        kinds = [kind for kind in UnitKind if kind is not UnitKind.COMMITTEE]
        if units:
            kinds = [kind for kind in UnitKind if any(unit.kind in UNDER[kind] for unit in units)]
        if not kinds:
            break
        kind = draw(st.sampled_from(kinds))
        above = [unit.code for unit in units if unit.kind in UNDER[kind]]
        parent = draw(st.sampled_from(above)) if above else ""
        depth[code] = depth.get(parent, -1) + 1
        aliases = draw(st.lists(names, max_size=3, unique_by=fold))
        units.append(
            PlannedUnit(
                code,
                title,
                kind,
                parent,
                draw(st.sampled_from(Sector)),
                draw(st.none() | st.builds(MemberCount, counts, days)),
                draw(st.booleans()),
                tuple(alias for alias in aliases if fold(alias) != fold(title)),
            )
        )
    units.sort(key=lambda unit: depth[unit.code])
    past = draw(st.lists(_candidates(units), max_size=3)), draw(st.lists(_admissions(units), max_size=3))
    return OfficePlan(tuple(units), draw(_quotas(units)), draw(_people(units)), tuple(past[0]), tuple(past[1]))


@st.composite
def _quotas(draw: st.DrawFn, units: list[PlannedUnit]) -> tuple[PlannedQuota, ...]:
    places = st.tuples(st.sampled_from([unit.code for unit in units]), st.integers(2000, 2100))
    quotas: list[PlannedQuota] = []
    for code, year in draw(st.lists(places, max_size=5, unique=True)):
        target = draw(targets())
        stretch = draw(st.none() | st.integers(target.high or target.low, 10_000_000))
        decision_no = draw(st.just("") | names)
        quotas.append(PlannedQuota(code, str(year), target, stretch, decision_no, draw(st.none() | days)))
    return tuple(quotas)


@st.composite
def _people(draw: st.DrawFn, units: list[PlannedUnit]) -> tuple[PlannedPerson, ...]:
    people: list[PlannedPerson] = []
    who = draw(st.lists(st.tuples(names, names), max_size=4, unique_by=(lambda two: two[0], lambda two: fold(two[1]))))
    for key, name in who:
        roles = [role for role in Role if role not in (Role.ADMIN, Role.SECRETARY)]
        posts = draw(st.lists(st.tuples(st.sampled_from(roles), st.sampled_from(units)), max_size=3, unique_by=str))
        people += [PlannedPerson(key, name, role, unit.code) for role, unit in posts]
    return tuple(people)


full_names = st.sampled_from(["Lò Thị Dụ", "Giàng A Sử", "H'Hen Niê", "Trần Thị Hoà"])
births = st.sampled_from([(None, None), (1997, None), (2001, 12)])
months = st.builds(Month, st.integers(2000, 2100), st.integers(1, 12))
said = st.none() | st.sampled_from(["giáo viên", "=1+1", "công nhân"])


@st.composite
def _candidates(draw: st.DrawFn, units: list[PlannedUnit]) -> PlannedCandidate:
    year, month = draw(births)
    return PlannedCandidate(
        draw(st.sampled_from(units)).code,
        draw(full_names),
        consent_on=draw(st.none() | days),
        stage=draw(st.sampled_from(list(STAGE_WORDS))),
        stage_on=draw(st.none() | days),
        certificate_on=draw(st.none() | days),
        birth_year=year,
        birth_month=month,
        gender=draw(st.sampled_from([None, "nam", "nữ"])),
        ethnicity=draw(st.sampled_from([None, "Kinh", "Mông"])),
        job=draw(said),
        youth_union=draw(st.sampled_from([None, True, False])),
        is_other=draw(st.booleans()),
    )


@st.composite
def _admissions(draw: st.DrawFn, units: list[PlannedUnit]) -> PlannedAdmission:
    year, month = draw(births)
    row = PlannedAdmission(
        draw(st.sampled_from(units)).code,
        consent_on=draw(st.none() | days),
        ceremony_on=draw(st.none() | days | months),
        decision_on=draw(st.none() | days),
        decision_no=draw(st.sampled_from(["", "12-QĐ/ĐU", "=2"])),
        birth_year=year,
        birth_month=month,
        number=draw(st.none() | counts),
    )
    if draw(st.booleans()):
        return replace(row, name=draw(full_names), gender="nữ", is_other=draw(st.booleans()))
    return replace(row, count=draw(st.integers(1, 99)))


@given(plans())
def test_a_plan_written_and_read_again_is_the_plan(plan: OfficePlan) -> None:
    assert plan_of(write_office(plan)) == plan


def test_posts_of_one_person_side_by_side_share_a_row() -> None:
    units = (
        PlannedUnit("X1", "Đảng bộ xã", UnitKind.GRASSROOTS),
        *(PlannedUnit(f"X1-{number}", f"Chi bộ thôn {number}", UnitKind.BRANCH, "X1") for number in range(120)),
    )
    people = tuple(PlannedPerson("lo thi du", "Lò Thị Dụ", Role.MONITOR, unit.code) for unit in units[1:])
    content = write_office(OfficePlan(units, (), people))
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("Người phụ trách").to_python()
    assert len(rows) == 1 + 3
    assert plan_of(content).people == people
