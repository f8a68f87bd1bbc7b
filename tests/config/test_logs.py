import json
import logging

from config.logs import JsonLines


def test_what_is_told_as_name_and_value_is_a_field_of_the_json_line() -> None:
    words = "turn channel=%s item=%s intent=log_admission ms=%d"
    record = logging.LogRecord("ketnap.turn", logging.INFO, "turn.py", 1, words, ("telegram", 31, 4), None)

    row = json.loads(JsonLines().format(record))

    assert row["says"] == "turn channel=telegram item=31 intent=log_admission ms=4"
    assert (row["channel"], row["item"], row["ms"], row["level"]) == ("telegram", "31", "4", "INFO")


def test_no_fact_takes_the_place_of_the_line_itself() -> None:
    record = logging.LogRecord("ketnap", logging.INFO, "x.py", 1, "odd level=7 says=nothing error=Away: gone", (), None)

    row = json.loads(JsonLines().format(record))

    assert (row["level"], row["error"]) == ("INFO", "Away")
    assert row["says"].startswith("odd level=7")
