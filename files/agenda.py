"""The agenda of a session as a workbook to print: who is ready, who lacks which paper, whose papers went back."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# XlsxWriter comes without types for its options; its calls are all in this file.

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from domain.calendar import office_time
from domain.records import Candidate
from domain.sessions import Agenda
from language.sessions import (
    AGENDA_SHEETS,
    LACKING_HEADINGS,
    READY_HEADINGS,
    RETURNED_HEADINGS,
    agenda_title,
    as_of,
    papers,
    returned_because,
)

Written = str | int | date | None

_WIDTHS = (6, 32, 34, 18, 22, 40)


def write_agenda(unit_name: str, agenda: Agenda, places: Mapping[int, str], now: datetime) -> bytes:
    """Three sheets. People without a name stand there by their labels."""
    content = BytesIO()
    book = Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title, told = agenda_title(unit_name, agenda.closes_on), as_of(office_time(now))
    # In the order of the session's list, so that a number means the same person in both.
    ready = [
        (number, *_who(one.case.person, places), one.resolved_on, one.clock.last if one.clock else None, "")
        for number, one in enumerate(agenda.ready, start=1)
    ]
    lacking = [
        (number, *_who(one.case.person, places), papers(one.papers))
        for number, one in enumerate(agenda.lacking, start=1)
    ]
    returned = [
        (number, *_who(one.case.person, places), one.on, returned_because(one.reason))
        for number, one in enumerate(agenda.returned, start=1)
    ]
    parts = (READY_HEADINGS, ready), (LACKING_HEADINGS, lacking), (RETURNED_HEADINGS, returned)
    for name, (headings, rows) in zip(AGENDA_SHEETS, parts, strict=True):
        _write_sheet(book, name, (title, told), headings, rows)
    book.close()
    return content.getvalue()


def _who(person: Candidate, places: Mapping[int, str]) -> tuple[str, str]:
    return person.name or person.label, places.get(person.unit_id, "")


def _write_sheet(
    book: Workbook, name: str, head: tuple[str, str], headings: Sequence[str], rows: Sequence[Sequence[Written]]
) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "font_size": 13})
    heading = book.add_format(
        {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#F2F2F2"}
    )
    text = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"border": 1, "num_format": "dd/mm/yyyy", "align": "left", "valign": "top"})
    for line, said in enumerate(head):
        sheet.write_string(line, 0, said, bold if line == 0 else None)
    for place, title in enumerate(headings):
        sheet.set_column(place, place, _WIDTHS[place])
        sheet.write_string(3, place, title, heading)
    for number, row in enumerate(rows, start=4):
        for place, value in enumerate(row):
            _write(sheet, number, place, value, text, day)
    sheet.freeze_panes(4, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(3)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P/&N")


def _write(sheet: Worksheet, row: int, place: int, value: Written, text: Format, day: Format) -> None:
    match value:
        case date():
            sheet.write_datetime(row, place, datetime.combine(value, time.min), day)
        case int():
            sheet.write_number(row, place, value, text)
        case str() | None:
            sheet.write_string(row, place, value or "", text)
