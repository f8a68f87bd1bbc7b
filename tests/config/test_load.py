import re
from datetime import date, time
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from config.load import LAW_FILE, YEARS, announced_until, load_office, own_years
from config.settings import SettingsError
from domain.calendar import add_months, add_working_days, is_working_day
from domain.law import Confidence, Start, in_force, is_foreseen_only, last_day, rule_for
from domain.office import Office, Retention, Timetable, Timing
from domain.people import Role
from domain.records import Fact
from domain.runway import Pathway


@pytest.fixture(scope="module")
def office() -> Office:
    return load_office()


def load(tmp_path: Path, text: str) -> Office:
    path = tmp_path / "office.toml"
    path.write_text(text, encoding="utf-8")
    return load_office(path)


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    return str(caught.value)


def test_a_day_in_quotes_is_a_day_to_the_doctor_too(tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    path.write_text('[calendar]\nholidays = ["2027-12-28"]\nworking_days = [2028-02-21]\n', encoding="utf-8")
    assert not is_working_day(load_office(path).calendar, date(2027, 12, 28))
    assert own_years(path) == {2027, 2028}


def test_the_shipped_files_say_what_the_domain_takes_for_granted(office: Office) -> None:
    assert office.counts_by is Fact.CEREMONY
    assert office.closing_day == 25
    assert office.timetable == Timetable()
    assert office.retention == Retention()
    assert office.timing == Timing()
    assert office.pathway == Pathway()
    assert set(office.titles) == set(Role)
    assert (office.calendar.quiet_from, office.calendar.quiet_until) == (time(20), time(7))
    assert office.calendar.morning == time(7, 30)


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, ["2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20"]),
        (2027, ["2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10"]),
        (2028, ["2028-01-25", "2028-01-26", "2028-01-27", "2028-01-28"]),
        (2029, ["2029-02-12", "2029-02-13", "2029-02-14", "2029-02-15", "2029-02-16"]),
    ],
)
def test_nobody_works_at_the_lunar_new_year(office: Office, year: int, days: list[str]) -> None:
    assert year in YEARS
    assert not any(is_working_day(office.calendar, date.fromisoformat(day)) for day in days)


@pytest.mark.parametrize("day", ["2026-11-24", "2027-11-24", "2028-11-24", "2029-11-26", "2030-11-25"])
def test_the_24th_of_november_is_off_and_in_lieu_of_a_weekend_the_monday(office: Office, day: str) -> None:
    assert not is_working_day(office.calendar, date.fromisoformat(day))


def test_the_24th_of_november_was_worked_before_2026_and_only_one_day_is_given_in_lieu(office: Office) -> None:
    assert is_working_day(office.calendar, date(2025, 11, 24))
    assert is_working_day(office.calendar, date(2029, 11, 27))


def test_the_24th_of_november_is_off_even_where_the_library_lacks_it(tmp_path: Path) -> None:
    law, rows = tmp_path / "law.toml", LAW_FILE.read_text(encoding="utf-8").split("[[holidays]]")[0]
    row = '[[holidays]]\ntitle = "Thử"\ncitation = "Thử"\nmonth = {}\nday = {}\nsince = 2026-07-01\n'
    law.write_text(rows + row.format(10, 10), encoding="utf-8")
    calendar = load_office(law_path=law).calendar
    assert is_working_day(calendar, date(2025, 10, 10))
    assert not is_working_day(calendar, date(2028, 10, 10))
    assert not is_working_day(calendar, date(2026, 10, 12))
    assert is_working_day(calendar, date(2026, 10, 13))
    law.write_text(rows + row.format(2, 30), encoding="utf-8")
    with pytest.raises(SettingsError, match="30/2 does not come every year"):
        load_office(law_path=law)


def test_a10_holds_with_the_shipped_law_and_calendar(office: Office) -> None:
    rule = in_force(office.law, "ceremony_within", on=date(2026, 11, 16))
    assert rule is not None
    assert rule.working_days is not None
    assert rule.counts_from is Start.DECISION_ISSUED
    assert add_working_days(office.calendar, date(2026, 11, 16), rule.working_days) == date(2026, 12, 29)


def test_a_swapped_saturday_is_worked_and_its_day_is_off(office: Office) -> None:
    assert is_working_day(office.calendar, date(2026, 8, 22))
    assert not is_working_day(office.calendar, date(2026, 8, 31))


def test_an_event_is_judged_by_the_row_of_its_day(office: Office) -> None:
    before, after = (in_force(office.law, "ceremony_within", on=date(2026, 7, day)) for day in (25, 26))
    assert before is not None
    assert after is not None
    assert (before.counts_from, after.counts_from) == (Start.DECISION_RECEIVED, Start.DECISION_ISSUED)
    assert "20-QĐ/TW ngày 8/4/2026" in before.citation
    assert "208-QĐ/TW ngày 26/7/2026" in after.citation
    assert in_force(office.law, "ceremony_within", on=date(2020, 1, 1)) is None


def test_every_clock_and_condition_has_a_row_today(office: Office) -> None:
    today = date(2026, 11, 21)
    law = {code: in_force(office.law, code, on=today) for code in {row.code for row in office.law}}
    assert all(law.values())
    amounts = {code: row.working_days or row.months or row.members or row.share for code, row in law.items() if row}
    assert amounts == {
        "age_at_least": 216,
        "age_at_most": 720,
        "branch_committee_size": 9,
        "branch_size": 3,
        "branch_vote": Fraction(2, 3),
        "ceremony_within": 30,
        "certificate_valid": 60,
        "decision_extension": 30,
        "decision_within": 60,
        "dossier_fresh": 12,
        "education": None,
        "helper_together": 12,
        "introducers": 2,
        "new_member_class": None,
        "organisation_size": 30,
        "party_age": None,
        "political_standard": None,
        "probation": 12,
        "readmission_after": 36,
        "readmission_after_sentence": 60,
        "recognition_considered_within": 30,
        "recognition_decided_within": 30,
        "religious_people": None,
        "sources_reviewed": 1,
        "transfer_within": 60,
        "verification_answer": 30,
        "verification_answer_abroad": 90,
    }


def test_rows_of_one_rule_follow_each_other_without_gap_or_overlap(office: Office) -> None:
    for code in {row.code for row in office.law}:
        rows = [row for row in office.law if row.code == code]
        for earlier, later in pairwise(rows):
            assert earlier.until is not None
            assert (later.since - earlier.until).days == 1
        assert rows[-1].until is None


def test_every_row_cites_its_document_by_number_and_date_and_begins_no_earlier(office: Office) -> None:
    for row in office.law:
        if row.citation.startswith("Điều lệ Đảng (2011)"):
            continue
        cited = re.search(r"^(?:Quy định|Hướng dẫn) [0-9]+-[A-ZĐ]+/[A-Z]+ ngày (\d+)/(\d+)/(\d{4})", row.citation)
        assert cited, row
        day, month, year = (int(part) for part in cited.groups())
        assert date(year, month, day) <= row.since, row


def test_the_clocks_of_older_admissions_are_known(office: Office) -> None:
    ceremony = in_force(office.law, "probation", on=date(2024, 9, 15))
    vote = in_force(office.law, "certificate_valid", on=date(2025, 2, 3))
    assert ceremony is not None
    assert vote is not None
    assert ceremony.months is not None
    assert vote.months is not None
    assert add_months(date(2024, 9, 15), ceremony.months) == date(2025, 9, 15)
    assert add_months(date(2020, 1, 15), vote.months) < date(2025, 2, 3)


def test_an_office_changes_only_what_it_writes(tmp_path: Path) -> None:
    told = load(
        tmp_path,
        """
        name = "Đảng ủy xã Điện Hòa"
        counts_by = "decision"
        [titles]
        monitor = "đảng ủy viên phụ trách"
        [timetable]
        digest_weekday = "tuesday"
        [calendar]
        holidays = [2026-12-28]
        working_saturdays = [2026-12-26]
        working_days = [2026-02-20]
        """,
    )
    assert told.name == "Đảng ủy xã Điện Hòa"
    assert told.counts_by is Fact.DECISION
    assert told.closing_day == 25
    assert told.titles[Role.MONITOR] == "đảng ủy viên phụ trách"
    assert told.titles[Role.ADMIN] == "quản trị kỹ thuật"
    assert told.timetable == Timetable(digest_weekday=1)
    worked = [date(2026, 12, 28), date(2026, 12, 26), date(2026, 2, 20), date(2026, 11, 24)]
    assert [is_working_day(told.calendar, day) for day in worked] == [False, True, True, False]


ROW = """
[[law]]
code = "ceremony_within"
title = "Thử"
citation = "Thử"
since = {since}
confidence = "high"
working_days = {days}
"""


def test_an_office_adds_a_row_or_replaces_the_one_of_the_same_start(tmp_path: Path) -> None:
    added = load(tmp_path, ROW.format(since="2027-01-01", days=20)).law
    kept, new = (in_force(added, "ceremony_within", on=date(year, 12, 31)) for year in (2026, 2027))
    assert kept is not None
    assert new is not None
    assert (kept.working_days, new.working_days) == (30, 20)
    replaced = in_force(
        load(tmp_path, ROW.format(since="2026-07-26", days=20)).law, "ceremony_within", on=date(2026, 11, 21)
    )
    assert replaced is not None
    assert (replaced.working_days, replaced.confidence) == (20, Confidence.HIGH)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("closing_day = 32", "closing_day: Input should be less than or equal to 31"),
        ("closing_dya = 25", "closing_dya: is not known here"),
        ('counts_by = "nothing"', "counts_by: must be ceremony or decision"),
        ('counts_by = "both"', "counts_by: Input should be"),
        ("closing_day = x", "Invalid value (at line 1"),
        ('[timetable]\ndigest_weekday = "thứ hai"', "timetable digest_weekday: Input should be 'monday'"),
        ('[timetable]\ndigest_weekday = "friday"', "timetable: digest_until must lie later in the week"),
        ('[quiet_hours]\nmorning = "06:30"', "quiet_hours: the morning lies in the quiet hours"),
        ("[calendar]\nworking_saturdays = [2026-12-28]", "2026-12-28 is no weekend day"),
        (
            "[calendar]\nholidays = [2026-12-29, 2026-12-28]\nworking_days = [2026-12-28]",
            "calendar: working_days 1: 2026-12-28 is a holiday too (holidays 2)",
        ),
        (
            "[calendar]\nholidays = [2026-12-26]\nworking_saturdays = [2026-12-19, 2026-12-26]",
            "calendar: working_saturdays 2: 2026-12-26 is a holiday too (holidays 1)",
        ),
        ('[calendar]\nholidays = ["28/12/2026"]', "calendar holidays 1: Input should be a valid date"),
        ("[retention]\ntext_days = 0", "retention text_days: Input should be greater than or equal to 1"),
        ('[titles]\nboss = "x"', "titles boss"),
        (ROW.format(since="2027-01-01", days=0), "law 1 working_days: Input should be greater than or equal to 1"),
        (ROW.format(since="2027-01-01", days="5\nmonths = 2"), "law 1: only one of working_days"),
        (ROW.format(since="2027-01-01", days="5\nuntil = 2026-01-01"), "law 1: until lies before since"),
    ],
)
def test_what_is_wrong_in_the_office_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    message = refusal(tmp_path, text)
    assert said in message
    assert "office.toml" in message


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            ROW.format(since="2027-01-01", days="30\nuntil = 2027-06-30"),
            "law 1 (ceremony_within since 2027-01-01): no rule holds after 2027-06-30",
        ),
        (
            ROW.format(since="2027-01-01", days="30\nuntil = 2027-06-30") + ROW.format(since="2027-09-01", days=20),
            "law 2 (ceremony_within since 2027-09-01): no rule holds from 2027-07-01 until it begins",
        ),
        (
            ROW.format(since="2027-01-01", days="30\nuntil = 2027-06-30") + ROW.format(since="2027-06-01", days=20),
            "law 2 (ceremony_within since 2027-06-01): overlaps law 1 (ceremony_within since 2027-01-01)",
        ),
        (
            ROW.format(since="2026-05-01", days=20),
            "overlaps the shipped ceremony_within since 2026-04-08, which holds until 2026-07-25",
        ),
        (
            ROW.format(since="2027-01-01", days=30) + ROW.format(since="2027-01-01", days=20),
            "law 2 (ceremony_within since 2027-01-01): overlaps law 1, which begins on the same day",
        ),
        (
            ROW.format(since="2027-01-01", days=30).replace("working_days", "months"),
            "law 1 (ceremony_within since 2027-01-01): the rule is counted in working_days, not in months",
        ),
        (
            ROW.format(since="2027-01-01", days=30).replace("working_days = 30", ""),
            "the rule is counted in working_days, not in no number",
        ),
        (
            ROW.format(since="2027-01-01", days=30).replace("ceremony_within", "ceremony_witin"),
            "law 1 (ceremony_witin since 2027-01-01): no rule is called so; there are age_at_least",
        ),
    ],
    ids=["ends", "gap", "overlap", "overlap-shipped", "twice", "wrong-unit", "no-unit", "no-such-rule"],
)
def test_a_rule_that_is_missing_overlaps_or_counts_in_another_unit_is_refused_by_its_row(
    tmp_path: Path, rows: str, said: str
) -> None:
    assert said in refusal(tmp_path, rows)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "probation"', 'code = "new_member_class"', "the rule probation is missing; it is counted in months"),
        ('counts_from = "dossier"\nmonths = 12', 'counts_from = "dossier"\nworking_days = 250', "not in working_days"),
        ("since = 2025-06-09\nuntil = 2026-05-18", "since = 2025-06-09\nuntil = 2026-06-18", "overlaps law 2"),
        ("until = 2026-05-18", "until = 2026-05-10", "no rule holds from 2026-05-11 until it begins"),
    ],
    ids=["missing", "wrong-unit", "overlap", "gap"],
)
def test_a_law_file_that_would_leave_a_deadline_untold_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = tmp_path / "law.toml"
    path.write_text(LAW_FILE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_office(law_path=path)
    assert said in str(caught.value)
    assert "law.toml" in str(caught.value)


def test_days_of_a_year_that_is_not_announced_are_only_foreseen(tmp_path: Path, office: Office) -> None:
    rule = in_force(office.law, "ceremony_within", on=date(2026, 11, 21))
    assert rule is not None
    assert office.calendar.announced_until == announced_until()
    last = announced_until()
    assert is_foreseen_only(rule, date(last + 1, 1, 4), office.calendar)
    assert not is_foreseen_only(rule, date(last, 12, 29), office.calendar)
    own = load(tmp_path, f"[calendar]\nholidays = [{last + 1}-12-28]").calendar
    assert not is_foreseen_only(rule, date(last + 1, 1, 4), own)


def test_a_new_regulation_is_a_row_and_no_code(tmp_path: Path) -> None:
    """Two regulations at once: a case begun under the old row and one under the new have each their own last day."""
    row = ROW.format(since="2027-01-01", days=20)
    told = load(tmp_path, row)
    ends = {began: _last_day(told, began, today=date(2027, 2, 1)) for began in (date(2026, 12, 31), date(2027, 1, 4))}
    assert ends[date(2026, 12, 31)] == (date(2027, 2, 19), "Quy định 208-QĐ/TW ngày 26/7/2026")
    assert ends[date(2027, 1, 4)] == (date(2027, 2, 1), "Thử")
    taken = load(tmp_path, row + 'running_cases = "move"\n')
    assert _last_day(taken, date(2026, 12, 31), today=date(2027, 2, 1)) == (date(2027, 1, 29), "Thử")
    assert _last_day(taken, date(2026, 12, 31), today=date(2026, 12, 31))[1] == "Quy định 208-QĐ/TW ngày 26/7/2026"


def _last_day(office: Office, began: date, *, today: date) -> tuple[date | None, str]:
    rule = rule_for(office.law, "ceremony_within", began=began, today=today)
    assert rule is not None
    return last_day(rule, began, office.calendar), rule.citation


def test_a_missing_or_unreadable_office_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no such file"):
        load_office(tmp_path / "none.toml")
    path = tmp_path / "office.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="UTF-8"):
        load_office(path)
