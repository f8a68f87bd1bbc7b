import io
import logging
from collections.abc import Iterator

import pytest

from channels.redact import MASK, Redaction, quiet_logs

CANARY = "1234567890:AAH-canary_canary_canary_canary-9"


@pytest.fixture
def written() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger and what its handler writes."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    handler.addFilter(Redaction([CANARY]))
    logger = logging.Logger("test", logging.DEBUG)  # noqa: LOG001  # one that no other test can see
    logger.addHandler(handler)
    yield logger, out
    handler.close()


def test_a_token_is_masked_in_words_and_arguments(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = written
    logger.info("%s and %r", f"https://api.telegram.org/bot{CANARY}/getMe", {"token": CANARY})
    assert "canary" not in out.getvalue()
    assert out.getvalue().count(MASK) == 2


def test_a_token_is_masked_in_addresses_and_as_its_secret_half(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = written
    logger.info("%s %s", CANARY.replace(":", "%3A"), CANARY.partition(":")[2])
    assert "canary" not in out.getvalue()


def test_a_token_is_masked_in_an_exception_and_its_causes(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = written
    try:
        try:
            raise OSError(CANARY)
        except OSError as error:
            raise ValueError(f"bot{CANARY}") from error
    except ValueError:
        logger.exception("a bug")
    assert "canary" not in out.getvalue()
    assert "Traceback" in out.getvalue()
    assert "ValueError" in out.getvalue()


def test_the_words_of_an_exception_are_not_told_for_they_may_quote_a_message(
    written: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, out = written
    told = "kết nạp Nguyễn Văn An"
    try:
        try:
            raise OSError(told)
        except OSError as error:
            raise ValueError(told) from error
    except ValueError:
        logger.exception("a bug")
    assert "Nguyễn" not in out.getvalue()
    assert "OSError" in out.getvalue()
    assert "test_redact.py" in out.getvalue()


def test_a_token_nobody_told_us_of_is_masked_by_its_shape(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = written
    logger.info("other 987654321:BBcanary_canary_canary_canary_canary")
    assert "canary" not in out.getvalue()


def test_a_log_call_with_wrong_arguments_leaks_nothing(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = written
    logger.info("%d", CANARY)
    assert "canary" not in out.getvalue()


def test_other_lines_stay_as_they_are(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = written
    logger.info("turn %s of chat %s took %.1f ms", 5, "1001", 3.25)
    assert out.getvalue() == "INFO turn 5 of chat 1001 took 3.2 ms\n"


def test_no_secrets_at_all_mask_nothing() -> None:
    assert Redaction([]).mask("") == ""
    assert Redaction([""]).mask("kết nạp 15/10") == "kết nạp 15/10"


def test_talkative_libraries_are_quiet_and_the_root_handlers_mask() -> None:
    root, handler = logging.getLogger(), logging.NullHandler()
    levels = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "telegram", "aiohttp")}
    root.addHandler(handler)
    before = {one: list(one.filters) for one in root.handlers}
    try:
        quiet_logs([CANARY])
        assert all(logging.getLogger(name).level == logging.WARNING for name in levels)
        assert any(isinstance(one, Redaction) for one in handler.filters)
    finally:
        root.removeHandler(handler)
        for one, filters in before.items():
            one.filters[:] = filters
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
