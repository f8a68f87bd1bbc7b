"""The lists of candidates: whoever was named is neither lost nor mixed up, and the furthest come first."""

import pytest
from sqlalchemy import select, update

from domain.records import DropReason, Stage
from storage.database import Database
from storage.tables import candidates
from tests import cast

pytestmark = pytest.mark.anyio


async def stages(database: Database) -> dict[str, tuple[str, ...]]:
    """Everybody on a list with his stages, by name."""
    query = select(candidates.c.name, candidates.c.stage).where(candidates.c.standing == "live")
    found: dict[str, tuple[str, ...]] = {}
    for name, stage in await database.write(lambda tx: tx.execute(query.order_by(candidates.c.stage)).all()):
        found[name] = (*found.get(name, ()), stage)
    return found


async def listed(played: cast.Stage, who: str, *people: str) -> None:
    for person in people:
        await played.says(who, f"thêm nguồn {person}")
        await played.presses(who, "Lưu")


async def at(database: Database, name: str, stage: Stage) -> None:
    await database.write(
        lambda tx: tx.execute(update(candidates).where(candidates.c.name == name).values(stage=stage.value))
    )


async def test_the_full_name_of_one_keeps_the_other(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "đủ họ và tên của An." in await played.says("lan", "thêm nguồn An, Trần Thị Na")
        card = await played.says("lan", "Nguyễn Văn An")
        assert "Nguyễn Văn An" in card
        assert "Trần Thị Na" in card
        await played.presses("lan", "Lưu")
        assert set(await stages(database)) == {"Nguyễn Văn An", "Trần Thị Na"}


async def test_of_two_given_names_the_one_still_short_is_asked_again(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "thêm nguồn An 1997, Bình, Trần Thị Na")
        assert "đủ họ và tên của Bình." in await played.says("lan", "Nguyễn Văn An")
        card = await played.says("lan", "Lê Thị Bình")
        assert "Nguyễn Văn An, sinh 1997" in card
        await played.presses("lan", "Lưu")
        assert set(await stages(database)) == {"Nguyễn Văn An", "Lê Thị Bình", "Trần Thị Na"}


@pytest.mark.parametrize("answer", ["Nguyễn Văn Bình", "1990", "sinh năm 1990", "Bình 1990", "văn bình"])
async def test_a_choice_among_namesakes_moves_everybody_named(database: Database, answer: str) -> None:
    async with cast.stage(database) as played:
        await listed(played, "lan", "Bùi Văn An", "Nguyễn Văn Bình 1990", "Trần Thị Bình 1995")
        asked = await played.says("lan", "An và Bình đã có đơn")
        assert "Nguyễn Văn Bình, sinh 1990, trong danh sách nguồn" in asked
        assert "Bỏ" in asked
        said = await played.says("lan", answer)
        assert "Bùi Văn An và Nguyễn Văn Bình" in said
        assert await stages(database) == {
            "Bùi Văn An": ("application",),
            "Nguyễn Văn Bình": ("application",),
            "Trần Thị Bình": ("listed",),
        }


async def test_two_with_namesakes_are_asked_one_after_the_other(database: Database) -> None:
    async with cast.stage(database) as played:
        await listed(played, "lan", "Lê Văn An", "Bùi Văn An", "Nguyễn Văn Bình 1990", "Trần Thị Bình 1995")
        await played.says("lan", "An và Bình đã có đơn")
        assert "Trần Thị Bình, sinh 1995" in await played.says("lan", "Bùi Văn An")
        await played.says("lan", "Trần Thị Bình")
        assert (await stages(database))["Bùi Văn An"] == ("application",)
        assert (await stages(database))["Trần Thị Bình"] == ("application",)
        assert (await stages(database))["Lê Văn An"] == ("listed",)


async def test_an_answer_that_fits_both_namesakes_is_asked_again(database: Database) -> None:
    async with cast.stage(database) as played:
        await listed(played, "lan", "Nguyễn Văn Bình 1990", "Trần Thị Bình 1995")
        await played.says("lan", "Bình đã có đơn")
        assert "đồng chí chọn" in await played.says("lan", "Bình")
        assert "đồng chí chọn" in await played.says("lan", "Lê Văn Cường")
        assert "giữ nguyên" in (await played.presses("lan", "Bỏ")).lower()
        assert set((await stages(database)).values()) == {("listed",)}


async def test_namesakes_of_two_branches_are_told_apart_by_branch(database: Database) -> None:
    async with cast.stage(database) as played:
        await listed(played, "lan", "Nguyễn Văn Bình")
        await listed(played, "hung", "Nguyễn Văn Bình")
        asked = await played.says("mai", "Nguyễn Văn Bình đã có đơn")
        assert "Chi bộ thôn 1" in asked
        assert "Chi bộ thôn 2" in asked


async def test_who_is_on_no_list_holds_nobody_up_and_drops_nobody(database: Database) -> None:
    async with cast.stage(database) as played:
        await listed(played, "lan", "Bùi Văn An", "Trần Thị Na")
        asked = await played.says("lan", "Bùi Văn An và Lê Văn Xuân đã có đơn")
        assert "không có" in asked
        assert "Bùi Văn An" in asked
        assert (await stages(database))["Bùi Văn An"] == ("listed",)
        said = await played.says("lan", "Trần Thị Na")
        assert "Bùi Văn An và Trần Thị Na" in said


async def test_of_two_on_no_list_the_second_is_still_asked_for(database: Database) -> None:
    async with cast.stage(database) as played:
        await listed(played, "lan", "Bùi Văn An", "Trần Thị Na")
        await played.says("lan", "Bùi Văn An, Lê Văn Xuân và Lê Văn Thu đã có đơn")
        assert "còn 1 người không có" in await played.says("lan", "Trần Thị Na")
        await played.presses("lan", "Chỉ ghi người đã tìm thấy")
        assert set((await stages(database)).values()) == {("application",)}


async def test_who_is_on_no_list_may_be_left_out(database: Database) -> None:
    async with cast.stage(database) as played:
        await listed(played, "lan", "Bùi Văn An")
        await played.says("lan", "Bùi Văn An và Lê Văn Xuân đã có đơn")
        assert "Đã ghi Bùi Văn An: đã có đơn" in await played.presses("lan", "Chỉ ghi người đã tìm thấy")
        assert await stages(database) == {"Bùi Văn An": ("application",)}


async def test_dropping_two_people_asks_about_namesakes_too(database: Database) -> None:
    async with cast.stage(database) as played:
        await listed(played, "lan", "Bùi Văn An", "Nguyễn Văn Bình 1990", "Trần Thị Bình 1995")
        await played.says("lan", "đưa An và Bình ra khỏi nguồn vì đi làm xa")
        card = await played.says("lan", "1995")
        assert "Bùi Văn An và Trần Thị Bình" in card
        await played.presses("lan", "Lưu")
        reasons = await database.write(lambda tx: tx.execute(select(candidates.c.name, candidates.c.drop_reason)).all())
        assert {name for name, reason in reasons if reason == DropReason.AWAY} == {"Bùi Văn An", "Trần Thị Bình"}


async def test_the_furthest_come_first_and_setbacks_last(database: Database) -> None:
    async with cast.stage(database) as played:
        await listed(played, "lan", "Bùi Văn An", "Nguyễn Văn Bình", "Trần Thị Na")
        await at(database, "Bùi Văn An", Stage.PAUSED)
        await at(database, "Trần Thị Na", Stage.OPINIONS)
        said = await played.says("lan", "/nguon")
        assert said.index("Trần Thị Na") < said.index("Nguyễn Văn Bình") < said.index("Bùi Văn An")
        trained = await played.says("lan", "ai đã học lớp cảm tình")
        assert "Trần Thị Na" in trained
        assert "Bùi Văn An" not in trained


async def test_paused_people_count_as_trained_nowhere(database: Database) -> None:
    async with cast.stage(database) as played:
        await listed(played, "lan", "Bùi Văn An", "Trần Thị Na")
        await at(database, "Bùi Văn An", Stage.PAUSED)
        await at(database, "Trần Thị Na", Stage.CLASS_DONE)
        assert "Nguồn: 2 người, đã học lớp 1" in await played.says("lan", "/tiendo")
        assert "Chi bộ thôn 1: 2, đã học lớp 1" in await played.says("mai", "/nguon")


async def test_a_list_longer_than_a_page_goes_on(database: Database) -> None:
    surnames = ("Bùi", "Cao", "Đinh", "Hà", "Lê")
    given = ("Anh", "Bích", "Cúc", "Dung", "Hoa")
    async with cast.stage(database) as played:
        names = [f"{surname} Thị {name}" for surname in surnames for name in given]
        for start in range(0, len(names), 5):
            await played.says("lan", f"thêm nguồn {', '.join(names[start : start + 5])}")
            await played.presses("lan", "Lưu")
        await at(database, names[-1], Stage.OPINIONS)
        first = await played.says("lan", "/nguon")
        assert names[-1] in first
        second = await played.presses("lan", "Xem tiếp")
        assert "trang 2/2" in second
        assert all((name in first) is not (name in second) for name in names)
        assert await played.says("lan", "/nguon B1 trang 2") == second


async def test_a_namesake_elsewhere_is_told_only_above_both(database: Database) -> None:
    """Cúc's branch is in another commune: only the province's organiser stands above both."""
    async with cast.stage(database) as played:
        await played.says("cuc", "thêm nguồn Nguyễn Văn An")
        await played.presses("cuc", "Lưu")
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        await played.presses("lan", "Lưu")
        played.move(days=2)
        await played.work()
        told = [cast.shown(message) for chat, message in played.phone.said if chat == "oanh"]
        assert any("Nguyễn Văn An" in words for words in told)


@pytest.mark.parametrize("stage", [Stage.DROPPED, Stage.REMOVED])
async def test_who_left_the_list_elsewhere_is_no_namesake(database: Database, stage: Stage) -> None:
    async with cast.stage(database) as played:
        await listed(played, "cuc", "Nguyễn Văn An")
        await at(database, "Nguyễn Văn An", stage)
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        await played.presses("lan", "Lưu")
        played.move(days=2)
        await played.work()
        assert not [message for chat, message in played.phone.said if chat == "oanh"]


async def test_an_organiser_is_not_told_of_what_he_entered_himself(database: Database) -> None:
    async with cast.stage(database) as played:
        await listed(played, "cuc", "Nguyễn Văn An")
        await played.says("oanh", "kết nạp Nguyễn Văn An 15/10 ở Chi bộ thôn 1")
        await played.presses("oanh", "Lưu")
        before = len(played.phone.said)
        played.move(days=2)
        await played.work()
        assert len(played.phone.said) == before
