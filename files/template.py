"""The office's workbook, out: the empty form with examples and a guide, or the same form filled with a plan."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# XlsxWriter comes without types for its options; its calls are all in this file.

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from itertools import groupby
from string import ascii_uppercase

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from domain.intents import Month
from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit
from domain.past import PlannedAdmission, PlannedCandidate
from files.cells import written
from files.package import LIMIT_ROWS
from language.headings import (
    EXAMPLES,
    GENDER_WORDS,
    GUIDE,
    GUIDE_NAME,
    HEADINGS,
    KIND_WORDS,
    LISTS_NAME,
    NO_WORDS,
    ROLE_WORDS,
    SECTOR_WORDS,
    SHEET_NAMES,
    STAGE_WORDS,
    YES_WORDS,
    Column,
    Sheet,
)
from language.plain import fold

Written = str | int | date

_MADE_ON = datetime(2026, 1, 1)  # noqa: DTZ001 - an .xlsx knows no zones; fixed, so that the same plan gives the same file
_CODES_IN_ONE_CELL = 50
_WIDTHS = {
    Column.CODE: 20,
    Column.NAME: 40,
    Column.KIND: 20,
    Column.PARENT: 16,
    Column.SECTOR: 15,
    Column.MEMBERS: 11,
    Column.COUNTED_ON: 13,
    Column.ALIASES: 30,
    Column.NOBODY_LEFT: 13,
    Column.UNIT: 20,
    Column.YEAR: 9,
    Column.TARGET: 12,
    Column.STRETCH: 11,
    Column.DECISION_NO: 20,
    Column.EFFECTIVE_ON: 14,
    Column.PERSON: 32,
    Column.ROLE: 26,
    Column.UNITS: 34,
    Column.PERSON_KEY: 12,
    Column.NUMBER: 8,
    Column.CONSENT_ON: 14,
    Column.STAGE: 26,
    Column.STAGE_ON: 14,
    Column.CERTIFICATE_ON: 16,
    Column.CEREMONY_ON: 14,
    Column.DECISION_ON: 14,
    Column.COUNT: 10,
    Column.BORN: 12,
    Column.GENDER: 10,
    Column.ETHNICITY: 14,
    Column.JOB: 22,
    Column.YOUTH_UNION: 10,
    Column.IS_OTHER: 12,
}
_DATES = frozenset(
    {
        Column.COUNTED_ON,
        Column.EFFECTIVE_ON,
        Column.CONSENT_ON,
        Column.STAGE_ON,
        Column.CERTIFICATE_ON,
        Column.DECISION_ON,
    }
)
_NUMBERS = frozenset({Column.MEMBERS, Column.STRETCH, Column.NUMBER, Column.COUNT})
_YES_NO = (YES_WORDS[0], NO_WORDS[0])
_LISTS: Mapping[Column, tuple[str, ...]] = {
    Column.KIND: tuple(words[0] for words in KIND_WORDS.values()),
    Column.SECTOR: tuple(words[0] for words in SECTOR_WORDS.values()),
    Column.NOBODY_LEFT: _YES_NO,
    Column.ROLE: tuple(words[0] for words in ROLE_WORDS.values()),
    Column.STAGE: tuple(words[0] for words in STAGE_WORDS.values()),
    Column.GENDER: tuple(words[0] for words in GENDER_WORDS.values()),
    Column.YOUTH_UNION: _YES_NO,
    Column.IS_OTHER: _YES_NO,
}
_CODE_COLUMNS = frozenset({Column.PARENT, Column.UNIT, Column.UNITS})


@dataclass(frozen=True, slots=True)
class _Looks:
    """The formats of a workbook. Everything but dates and counts is text, so that Excel changes nothing."""

    title: Format
    heading: Format
    text: Format
    number: Format
    day: Format
    example: Format
    guide: Format
    section: Format

    def of(self, column: Column) -> Format:
        if column in _DATES:
            return self.day
        return self.number if column in _NUMBERS else self.text


def write_template() -> bytes:
    """The empty form, with examples that are never read."""
    return _write({}, EXAMPLES)


def write_office(plan: OfficePlan) -> bytes:
    """The form filled with a plan; reading it again gives the plan."""
    rows: dict[Sheet, Iterable[Mapping[Column, Written]]] = {
        Sheet.UNITS: map(_unit_row, plan.units),
        Sheet.QUOTAS: map(_quota_row, plan.quotas),
        Sheet.PEOPLE: _people_rows(plan.people),
        Sheet.CANDIDATES: map(_candidate_row, plan.candidates),
        Sheet.ADMISSIONS: map(_admission_row, plan.admissions),
    }
    return _write(rows, {})


def _unit_row(unit: PlannedUnit) -> dict[Column, Written]:
    row: dict[Column, Written] = {
        Column.CODE: unit.code,
        Column.NAME: unit.name,
        Column.KIND: KIND_WORDS[unit.kind][0],
        Column.PARENT: unit.parent_code,
        Column.SECTOR: SECTOR_WORDS[unit.sector][0],
        Column.ALIASES: "; ".join(unit.aliases),
        Column.NOBODY_LEFT: YES_WORDS[0] if unit.nobody_left else "",
    }
    if unit.members:
        row |= {Column.MEMBERS: unit.members.count, Column.COUNTED_ON: unit.members.on}
    return row


def _quota_row(quota: PlannedQuota) -> dict[Column, Written]:
    row: dict[Column, Written] = {
        Column.UNIT: quota.unit_code,
        Column.YEAR: quota.period,
        Column.TARGET: written(quota.target),
        Column.DECISION_NO: quota.decision_no,
    }
    if quota.stretch is not None:
        row[Column.STRETCH] = quota.stretch
    if quota.effective_on:
        row[Column.EFFECTIVE_ON] = quota.effective_on
    return row


def _people_rows(people: Sequence[PlannedPerson]) -> Iterable[dict[Column, Written]]:
    """One row for neighbouring posts of one person in one role."""
    rows: list[dict[Column, Written]] = []
    for (key, name, role), posts in groupby(people, key=lambda post: (post.key, post.name, post.role)):
        codes = [post.unit_code for post in posts]
        for start in range(0, len(codes), _CODES_IN_ONE_CELL):
            joined = "; ".join(codes[start : start + _CODES_IN_ONE_CELL])
            row: dict[Column, Written] = {Column.PERSON: name, Column.ROLE: ROLE_WORDS[role][0]}
            rows.append(row | {Column.UNITS: joined, Column.PERSON_KEY: key})
    named = Counter(fold(str(row[Column.PERSON])) for row in rows)
    for row in rows:
        folded = fold(str(row[Column.PERSON]))
        if named[folded] == 1 and row[Column.PERSON_KEY] == folded:
            row[Column.PERSON_KEY] = ""
    return rows


def _candidate_row(each: PlannedCandidate) -> dict[Column, Written]:
    row = _traits(each) | {
        Column.CONSENT_ON: each.consent_on,
        Column.STAGE: STAGE_WORDS[each.stage][0],
        Column.STAGE_ON: each.stage_on,
        Column.CERTIFICATE_ON: each.certificate_on,
        Column.YOUTH_UNION: None if each.youth_union is None else _YES_NO[not each.youth_union],
    }
    return {column: value for column, value in row.items() if value is not None}


def _admission_row(each: PlannedAdmission) -> dict[Column, Written]:
    ceremony = each.ceremony_on
    row = _traits(each) | {
        Column.NUMBER: each.number,
        Column.CONSENT_ON: each.consent_on,
        Column.CEREMONY_ON: f"{ceremony.month:02}/{ceremony.year}" if isinstance(ceremony, Month) else ceremony,
        Column.DECISION_ON: each.decision_on,
        Column.DECISION_NO: each.decision_no,
        Column.COUNT: each.count,
    }
    return {column: value for column, value in row.items() if value is not None}


def _traits(each: PlannedCandidate | PlannedAdmission) -> dict[Column, Written | None]:
    born = None if each.birth_year is None else str(each.birth_year)
    if born is not None and each.birth_month is not None:
        born = f"{each.birth_month:02}/{born}"
    return {
        Column.UNIT: each.unit_code,
        Column.PERSON: each.name,
        Column.BORN: born,
        Column.GENDER: each.gender,
        Column.ETHNICITY: each.ethnicity,
        Column.JOB: each.job,
        Column.IS_OTHER: YES_WORDS[0] if each.is_other else None,
    }


def _write(
    rows: Mapping[Sheet, Iterable[Mapping[Column, Written]]],
    examples: Mapping[Sheet, Sequence[Mapping[Column, Written]]],
) -> bytes:
    packed = BytesIO()
    with Workbook(packed, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as workbook:
        workbook.set_properties({"title": GUIDE[0][0], "created": _MADE_ON})
        looks = _looks(workbook)
        _write_guide(workbook.add_worksheet(GUIDE_NAME), looks)
        sheets = {sheet: workbook.add_worksheet(SHEET_NAMES[sheet]) for sheet in Sheet}
        _write_lists(workbook)
        for sheet, worksheet in sheets.items():
            _lay_out(worksheet, sheet, looks)
            start = _write_rows(worksheet, sheet, examples.get(sheet, ()), looks, first=1, is_example=True)
            _write_rows(worksheet, sheet, rows.get(sheet, ()), looks, first=start, is_example=False)
    return packed.getvalue()


def _looks(workbook: Workbook) -> _Looks:
    cell = {"valign": "top", "text_wrap": True, "num_format": "@"}
    return _Looks(
        title=workbook.add_format({"bold": True, "font_size": 15, "font_color": "#9C1C1C"}),
        heading=workbook.add_format(
            {
                "bold": True,
                "font_color": "#FFFFFF",
                "bg_color": "#9C1C1C",
                "border": 1,
                "border_color": "#FFFFFF",
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
            }
        ),
        text=workbook.add_format(cell),
        number=workbook.add_format(cell | {"num_format": "#,##0"}),
        day=workbook.add_format(cell | {"num_format": "dd/mm/yyyy", "align": "right"}),
        example=workbook.add_format(cell | {"italic": True, "font_color": "#6B6B6B", "bg_color": "#F2F2F2"}),
        guide=workbook.add_format({"text_wrap": True, "valign": "top"}),
        section=workbook.add_format({"bold": True, "font_size": 12, "font_color": "#9C1C1C", "valign": "vcenter"}),
    )


def _write_guide(worksheet: Worksheet, looks: _Looks) -> None:
    worksheet.hide_gridlines(2)
    worksheet.set_column(0, 0, 3)
    worksheet.set_column(1, 1, 96)
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    row = 0
    for index, (section, lines) in enumerate(GUIDE):
        worksheet.write_string(row, 0, section, looks.section if index else looks.title)
        worksheet.set_row(row, 24)
        for number, text in enumerate(lines, start=1):
            worksheet.write_string(row + number, 0, "•")
            worksheet.write_string(row + number, 1, text, looks.guide)
        row += len(lines) + 2


def _write_lists(workbook: Workbook) -> None:
    """The lists to choose from stand on a hidden sheet: Excel allows only 255 characters in a rule itself."""
    worksheet = workbook.add_worksheet(LISTS_NAME)
    for place, words in enumerate(_LISTS.values()):
        worksheet.write_column(0, place, words)
    worksheet.hide()


def _lay_out(worksheet: Worksheet, sheet: Sheet, looks: _Looks) -> None:
    headings = HEADINGS[sheet]
    worksheet.set_row(0, 34)
    for place, heading in enumerate(headings):
        worksheet.set_column(place, place, _WIDTHS[heading.column], looks.of(heading.column))
        title = f"{heading.title} *" if heading.is_required else heading.title
        worksheet.write_string(0, place, title, looks.heading)
        worksheet.data_validation(1, place, LIMIT_ROWS - 1, place, _rule(heading.column, heading.title, heading.hint))
    worksheet.freeze_panes(1, 2)
    worksheet.autofilter(0, 0, 0, len(headings) - 1)
    worksheet.ignore_errors({"number_stored_as_text": f"A1:Z{LIMIT_ROWS}"})
    worksheet.hide_gridlines(0)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    worksheet.repeat_rows(0)
    worksheet.fit_to_pages(1, 0)
    worksheet.set_footer("&L&A&R&P/&N")


def _rule(column: Column, title: str, hint: str) -> dict[str, object]:
    """What is offered and explained beside a cell. Nothing is forbidden here: reading tells what is wrong."""
    rule: dict[str, object] = {"validate": "any", "input_title": title, "input_message": hint, "show_error": False}
    units = SHEET_NAMES[Sheet.UNITS]
    if column in _LISTS:
        letter = ascii_uppercase[tuple(_LISTS).index(column)]
        rule |= {"validate": "list", "source": f"='{LISTS_NAME}'!${letter}$1:${letter}${len(_LISTS[column])}"}
    elif column in _CODE_COLUMNS:
        filled = f"MAX(1,COUNTA('{units}'!$A$2:$A${LIMIT_ROWS}))"
        rule |= {"validate": "list", "source": f"=OFFSET('{units}'!$A$2,0,0,{filled},1)"}
    return rule


def _write_rows(
    worksheet: Worksheet,
    sheet: Sheet,
    rows: Iterable[Mapping[Column, Written]],
    looks: _Looks,
    *,
    first: int,
    is_example: bool,
) -> int:
    """Write rows from `first` (counted from 0) and give the next free one. Text is never taken for a formula."""
    number = first
    for row in rows:
        for place, heading in enumerate(HEADINGS[sheet]):
            value = row.get(heading.column, "")
            look = looks.example if is_example else looks.of(heading.column)
            match value:
                case date():
                    # A column of days or months is text; a whole day in it is a day all the same.
                    worksheet.write_datetime(number, place, datetime.combine(value, time.min), looks.day)
                case int():
                    worksheet.write_number(number, place, value, look)
                case "" if not is_example:
                    pass
                case str():
                    worksheet.write_string(number, place, value, look)
        number += 1
    return number
