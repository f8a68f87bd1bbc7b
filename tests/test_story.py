"""The story of a first week: an organiser brings the office in, secretaries join and report, the digest comes.

It is played on Telegram, on Zalo, and with the branches on Zalo and the committees on Telegram.
"""

import os
import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from domain.office import OfficePlan, PlannedQuota, PlannedUnit
from domain.quotas import Target
from domain.units import MemberCount, Sector, UnitKind
from files.template import write_office
from tests.cast import free_port
from tests.desk import Desk
from tests.platforms.client import Emulator, User

ROOT = Path(__file__).parents[1]
SATURDAY = "2026-11-21T09:00:00+07:00"
MONDAY = "2026-11-23T07:30:05+07:00"
SECRETARIES = 10
STYLES = (
    "kết nạp {name} {day}",
    "ket nap dang vien moi {name} ngay {day}/2026",
    "chi bộ em vừa kết nạp đồng chí {name} hôm {day} ạ",
    "làm lễ kết nạp {name} {day}",
    "đ/c {name} kết nạp ngày {day}",
)
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
GIVEN = ("An", "Bình", "Cường", "Dung", "Giang", "Hạnh", "Khánh", "Lâm", "Minh", "Phúc")


def office() -> OfficePlan:
    """A province with 5 committees of 20 branches each; 40 admissions are wanted of the first."""
    units = [PlannedUnit("T", "Đảng bộ tỉnh Thử", UnitKind.SUPERIOR)]
    quotas: list[PlannedQuota] = []
    for committee in range(1, 6):
        code = f"X{committee}"
        members = MemberCount(600, date(2026, 1, 1))
        units.append(PlannedUnit(code, f"Đảng bộ xã Số {committee}", UnitKind.GRASSROOTS, "T", members=members))
        quotas.append(PlannedQuota(code, "2026", Target(40)))
        for branch in range(1, 21):
            own = f"{code}-{branch:02}"
            name = f"Chi bộ thôn {branch} xã Số {committee}"
            units.append(PlannedUnit(own, name, UnitKind.BRANCH, code, Sector.RESIDENTIAL))
            quotas.append(PlannedQuota(own, "2026", Target(2)))
    return OfficePlan(tuple(units), tuple(quotas))


@dataclass(frozen=True)
class Bot:
    """The bot with the settings of this story: commands in this process, `run` in one of its own."""

    desk: Desk

    def __call__(self, *words: str) -> str:
        done = self.desk(*words)
        assert done.exit_code == 0, done.output
        return done.output

    @contextmanager
    def running(self, now: str) -> Generator[None]:
        environment = os.environ | {"KETNAP_NOW": now}
        process = subprocess.Popen(
            [sys.executable, "bot.py", "run"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            process.terminate()
            output, _ = process.communicate(timeout=60)
            assert process.returncode == 0, output.decode()
            assert b"Traceback" not in output, output.decode()


@dataclass(frozen=True)
class Sides:
    """Where people are: those of the committees, and those of the branches."""

    above: Emulator
    branches: Emulator

    @property
    def all(self) -> list[Emulator]:
        return [self.above] if self.above is self.branches else [self.above, self.branches]


@pytest.fixture
def sides(request: pytest.FixtureRequest) -> Generator[Sides]:
    above, branches = request.param
    with ExitStack() as stack:
        running = {each: stack.enter_context(Emulator.start(platform=each)) for each in {above, branches}}
        yield Sides(running[above], running[branches])


@pytest.fixture
def bot(desk: Desk, sides: Sides, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bot:
    quick = tmp_path / "office.toml"
    quick.write_text("[timing]\nper_second = 500\nper_chat_per_second = 50\nchat_burst = 50\n", encoding="utf-8")
    settings = {
        "KETNAP_OFFICE_FILE": str(quick),
        "KETNAP_DATA_DIR": str(tmp_path / "data"),
        "KETNAP_DATABASE_URL": database_url,
        "KETNAP_HTTP_PORT": str(free_port()),
    }
    for each in sides.all:
        settings |= each.settings
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return Bot(desk)


def code_in(text: str) -> str:
    found = re.search(r"\b([A-HJKMNP-Z2-9]{4}) ?([A-HJKMNP-Z2-9]{4})\b", text)
    assert found is not None, text
    return found[1] + found[2]


@pytest.mark.parametrize(
    ("database_url", "sides"),
    [
        ("sqlite", ("telegram", "telegram")),
        ("postgres", ("telegram", "telegram")),
        ("sqlite", ("zalo", "zalo")),
        ("sqlite", ("telegram", "zalo")),
    ],
    ids=["telegram", "telegram on postgres", "zalo", "branches on zalo"],
    indirect=True,
)
def test_an_office_begins_on_saturday_and_reads_its_digest_on_monday(bot: Bot, sides: Sides, tmp_path: Path) -> None:
    workbook = tmp_path / "office.xlsx"
    workbook.write_bytes(write_office(office()))
    bot("migrate")
    bot("import", str(workbook), "--check")
    bot("import", str(workbook))
    again = bot("import", str(workbook))
    assert "0 " in again or "nothing" in again.lower() or "unchanged" in again.lower()
    first_code = code_in(bot("invite", "--role", "organiser", "--unit", "T", "--name", "Vũ Thị Oanh"))

    with bot.running(SATURDAY):
        for each in sides.all:
            each.wait_polled(120)
        oanh = sides.above.user(1, "Oanh")
        oanh.says(f"/start {first_code}")
        oanh.expect("sendMessage", contains="Đảng bộ tỉnh Thử", timeout=60)
        lan, *others = secretaries = [join(sides.branches, oanh, n) for n in range(1, SECRETARIES + 1)]
        mai = invited(sides.above, oanh, 50, "đảng ủy X1")
        minh = invited(sides.above, oanh, 51, "cấp ủy viên phụ trách X1")

        add_candidates(secretaries[:5])
        numbers = log_admissions(secretaries)
        assert len(set(numbers)) == 30

        correct(lan, numbers[0], "ngày 5/9", "05/09/2026")
        correct(others[0], numbers[1], "ngày 6/9", "06/09/2026")
        secretaries[2].says("hoàn tác")
        secretaries[2].expect("sendMessage", contains="Đã hủy số", timeout=60)

        lan.says("còn mấy chỉ tiêu")
        lan.expect("sendMessage", contains="3/2 (150%)", timeout=60)
        mai.says("tiến độ")
        mai.expect("sendMessage", contains="29/40 (73%)", timeout=60)

    planned = bot("job", "weekly-digest", "--at", "2026-11-23T07:30", "--dry-run")
    assert "weekly-digest" in planned
    with bot.running(MONDAY):
        for reader in (mai, minh):
            letter = reader.expect("sendMessage", contains="29/40 (73%)", timeout=60)
            assert "Chi bộ thôn 11 xã Số 1" in letter.text
        lan.expect_nothing(1.0)


def join(emulator: Emulator, oanh: User, number: int) -> User:
    """A secretary joins: every other one by the link of the invite, the rest by typing the code in small letters."""
    oanh.says(f"/moi bí thư X1-{number:02}")
    code = code_in(oanh.expect("sendMessage", contains="Mã mời", timeout=60).text)
    secretary = emulator.user(100 + number, f"Thư {number}")
    typed = f"/start {code}" if number % 2 else f"{code[:4].lower()} {code[4:].lower()}"
    secretary.says(typed)
    secretary.expect("sendMessage", contains=f"Chi bộ thôn {number} xã Số 1", timeout=60)
    return secretary


def invited(emulator: Emulator, oanh: User, user_id: int, sentence: str) -> User:
    oanh.says(f"/moi {sentence}")
    code = code_in(oanh.expect("sendMessage", contains="Mã mời", timeout=60).text)
    user = emulator.user(user_id, sentence)
    user.says(code)
    user.expect("sendMessage", contains="Đảng bộ xã Số 1", timeout=60)
    return user


def add_candidates(secretaries: list[User]) -> None:
    for number, secretary in enumerate(secretaries):
        secretary.says(f"thêm nguồn Hà Thị {GIVEN[number]} 1998")
    for secretary in secretaries:
        secretary.expect("sendMessage", button="Lưu", timeout=60)
        secretary.taps("Lưu")
    for secretary in secretaries:
        secretary.expect("sendMessage", contains="Đã thêm", timeout=60)


def log_admissions(secretaries: list[User]) -> list[int]:
    """Three rounds, each in another style; the card is confirmed by its button or by a word."""
    numbers: list[int] = []
    for turn in range(3):
        for index, secretary in enumerate(secretaries):
            style = STYLES[(turn * 3 + index) % len(STYLES)]
            name = f"{FAMILY[index]} Văn {GIVEN[(index + turn) % 10]}"
            secretary.says(style.format(name=name, day=f"{10 + index}/{8 + turn}"))
        for index, secretary in enumerate(secretaries):
            secretary.expect("sendMessage", button="Lưu", timeout=60)
            if index % 2:
                secretary.says("ừ ghi đi")
            else:
                secretary.taps("Lưu")
        for secretary in secretaries:
            receipt = secretary.expect("sendMessage", contains="Đã ghi số", timeout=60)
            found = re.search(r"số (\d+)", receipt.text)
            assert found is not None
            numbers.append(int(found[1]))
    return numbers


def correct(secretary: User, number: int, words: str, shown: str) -> None:
    secretary.says(f"/sua {number} {words}")
    secretary.expect("sendMessage", contains=shown, timeout=60)
    secretary.taps("Lưu")
    secretary.expect("sendMessage", contains=f"Đã sửa số {number}", timeout=60)
