"""What can be wrong in an office's workbook, as codes; the sentences are in `language.problems`.

The facts that go with a code stand in its comment, in order.
"""

from enum import StrEnum


class ProblemCode(StrEnum):
    # The file as a whole.
    EMPTY_FILE = "empty_file"
    TOO_BIG = "too_big"  # limit in megabytes
    OLD_XLS = "old_xls"
    PASSWORD = "password"  # noqa: S105 - a code, not a secret
    NOT_A_WORKBOOK = "not_a_workbook"
    DAMAGED = "damaged"
    # A sheet as a whole.
    SHEET_MISSING = "sheet_missing"  # the sheets that the file has
    SHEET_TWICE = "sheet_twice"  # the other one's name
    HEADINGS_MISSING = "headings_missing"  # the headings wanted
    HEADING_MISSING = "heading_missing"  # the heading, the unknown headings found
    HEADING_TWICE = "heading_twice"  # the heading
    TOO_MANY_ROWS = "too_many_rows"  # limit
    TOO_MANY_COLUMNS = "too_many_columns"  # limit
    TOO_MUCH_TEXT = "too_much_text"
    NO_UNITS = "no_units"
    MERGED_CELLS = "merged_cells"  # the range
    # A cell on its own.
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    CELL_ERROR = "cell_error"  # what Excel shows
    MISSING = "missing"
    TOO_LONG = "too_long"  # length, limit
    OLD_FONT = "old_font"  # the text
    UNKNOWN_CHOICE = "unknown_choice"  # the text, the list to choose from
    NOT_WHOLE = "not_whole"  # the text
    NEGATIVE = "negative"  # the text
    TOO_GREAT = "too_great"  # the text, limit
    NOT_A_DATE = "not_a_date"  # the text
    IMPOSSIBLE_DATE = "impossible_date"  # the text
    NOT_A_YEAR = "not_a_year"  # the text
    NOT_A_TARGET = "not_a_target"  # the text
    TARGET_IS_A_DATE = "target_is_a_date"
    RANGE_REVERSED = "range_reversed"  # low, high
    CODE_IS_A_NUMBER = "code_is_a_number"  # the number
    CODE_HAS_SEPARATOR = "code_has_separator"  # the text
    # Cells against each other.
    CODE_TWICE = "code_twice"  # the code, the first row
    NAME_TWICE = "name_twice"  # the name, the first row
    PARENT_UNKNOWN = "parent_unknown"  # the text, the code of a unit of that name
    PARENT_LEVEL = "parent_level"  # the unit's kind, the parent's kind, the kinds allowed
    PARENT_NEEDED = "parent_needed"  # the unit's kind
    PARENT_CIRCLE = "parent_circle"  # the codes on the way round
    SECOND_ROOT = "second_root"  # code and row of the first
    COUNT_WITHOUT_DATE = "count_without_date"
    DATE_WITHOUT_COUNT = "date_without_count"
    UNIT_UNKNOWN = "unit_unknown"  # the text, the code of a unit of that name
    STRETCH_TOO_LOW = "stretch_too_low"  # the stretch figure, the target
    QUOTA_TWICE = "quota_twice"  # the code, the year, the first row
    ROLE_ELSEWHERE = "role_elsewhere"  # the role
    ROLE_NEEDS_BRANCH = "role_needs_branch"  # the role, the unit's kind
    SAME_NAME = "same_name"  # the name, the first row
    KEY_OF_TWO = "key_of_two"  # the key, the first row, the name there
    POST_TWICE = "post_twice"  # the first row
    # Past years.
    NOT_A_NAME = "not_a_name"
    NAME_IN_OLD_FONT = "name_in_old_font"
    NOT_A_BIRTH = "not_a_birth"  # the text
    NOT_A_MONTH = "not_a_month"  # the text
    PRIVATE_VALUE = "private_value"
    PRIVATE_COLUMNS = "private_columns"  # the headings; a note, not a fault
    UNNAMED = "unnamed"  # how many people; a note, not a fault
    NO_COUNT = "no_count"
    COUNT_WITH_NAME = "count_with_name"
    NO_DAY = "no_day"
    FUTURE_DAY = "future_day"  # the day
    BEFORE_DECISION = "before_decision"  # ceremony, decision
    TOO_YOUNG = "too_young"  # the day
    PEOPLE_NEED_BRANCH = "people_need_branch"
    FIGURE_OF_SUPERIOR = "figure_of_superior"
    ROW_TWICE = "row_twice"  # the first row
    FIGURE_TWICE = "figure_twice"  # the first row
    ON_RECORD = "on_record"  # the entry's number
    ON_LIST = "on_list"
    NAMELESS_ON_RECORD = "nameless_on_record"  # the entries' numbers
    FIGURE_ON_RECORD = "figure_on_record"  # the figure, the entry's number
    COUNTED_BY_ENTRY = "counted_by_entry"  # the entry's number
    COUNTED_BY_ROW = "counted_by_row"  # the row
    ENTRY_UNKNOWN = "entry_unknown"  # the number
    ENTRY_TWICE = "entry_twice"  # the number, the first row
    ENTRY_UNDONE = "entry_undone"  # the number
    ENTRY_OVERTAKEN = "entry_overtaken"  # the number, the newest number
    ENTRY_OF_OTHER_UNIT = "entry_of_other_unit"  # the number
    FIGURE_HAS_NO_NAME = "figure_has_no_name"  # the number
    NAME_NEEDS_CONSENT = "name_needs_consent"  # the number
