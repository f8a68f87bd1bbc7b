"""Invented places and people for the trial: no real office, nobody who lives. Sizes are those of five real reports."""

from dataclasses import dataclass

from domain.people import Role
from domain.units import Sector

ROOT_CODE = "BL"
ROOT_NAME = "Đảng bộ tỉnh Bình Lam"
ROOT_ALIASES = ("tỉnh", "toàn tỉnh")
ROOT_QUOTA = "1.500"

DECISION_NO = "{}-QĐ/ĐU"
QUOTA_DECISION_NO = "{}-NQ/ĐU"


@dataclass(frozen=True, slots=True)
class InventedBranch:
    """A branch that can be played: its figures at the time of the report, and how many people are on its list."""

    name: str
    aliases: tuple[str, ...]
    sector: Sector
    members: int
    quota: int
    done: int
    listed: int = 2
    pending: int = 0
    says_nothing: bool = False
    nobody_left: bool = False


@dataclass(frozen=True, slots=True)
class InventedCommune:
    """A commune or ward whose branches can be played. `quota` is written as an office would write it."""

    name: str
    aliases: tuple[str, ...]
    members: int
    quota: str
    stretch: int | None
    branches: tuple[InventedBranch, ...]


@dataclass(frozen=True, slots=True)
class InventedSpecial:
    """A unit with figures only that a report names: its own quota and result."""

    name: str
    is_commune: bool
    sector: Sector
    members: int
    quota: int
    done: int


@dataclass(frozen=True, slots=True)
class InventedArea:
    """What stands for one of the five places.

    Communes, committees and branches are the grass-roots organisations directly below; done is counted among the
    communes and among the others, at the share of the year (in hundredths) at which the report was written.
    """

    code: str
    name: str
    aliases: tuple[str, ...]
    members: int | None
    quota: str
    stretch: int | None
    communes: int
    committees: int
    branches: int
    done_in_communes: int
    done_elsewhere: int
    pending: int
    told_at: int
    playable: InventedCommune
    specials: tuple[InventedSpecial, ...] = ()


_HOME, _SCHOOL, _ARMY, _POLICE = Sector.RESIDENTIAL, Sector.SCHOOL, Sector.MILITARY, Sector.POLICE
_FIRM, _OFFICE, _HEALTH = Sector.COMPANY, Sector.OFFICE, Sector.HEALTH

AREAS: tuple[InventedArea, ...] = (
    # 100 organisations, 27,790 members, 852 or more; a ward of 1,700 members with 2.5 %, rounded up: 43.
    InventedArea(
        code="TL",
        name="Đảng bộ khu vực Thái Lam",
        aliases=("Thái Lam",),
        members=27_790,
        quota="≥852",
        stretch=None,
        communes=32,
        committees=38,
        branches=30,
        done_in_communes=430,
        done_elsewhere=270,
        pending=18,
        told_at=89,
        playable=InventedCommune(
            name="Đảng bộ phường Hồng Lam",
            aliases=("phường Hồng Lam", "Hồng Lam"),
            members=1_700,
            quota="43",
            stretch=None,
            branches=(
                InventedBranch("Chi bộ tổ dân phố 1", ("tổ 1", "tdp 1"), _HOME, 262, 6, 6, 3),
                InventedBranch("Chi bộ tổ dân phố 2", ("tổ 2", "tdp 2"), _HOME, 248, 6, 5, 3),
                InventedBranch("Chi bộ tổ dân phố 3", ("tổ 3", "tdp 3"), _HOME, 231, 6, 3, 3),
                InventedBranch("Chi bộ tổ dân phố 4", ("tổ 4", "tdp 4"), _HOME, 240, 6, 4, 2),
                InventedBranch("Chi bộ tổ dân phố 5", ("tổ 5", "tdp 5"), _HOME, 219, 5, 0, 2, says_nothing=True),
                InventedBranch("Chi bộ Trường THPT Hồng Lam", ("cấp 3", "thpt"), _SCHOOL, 94, 3, 3, 2),
                InventedBranch("Chi bộ Trường THCS Hồng Lam", ("cấp 2", "thcs"), _SCHOOL, 71, 2, 2, 1),
                InventedBranch("Chi bộ Công ty May Hồng Lam", ("may Hồng Lam", "công ty may"), _FIRM, 302, 8, 6, 5, 2),
                InventedBranch("Chi bộ Công an phường Hồng Lam", ("công an",), _POLICE, 33, 1, 1, 1),
            ),
        ),
        specials=(InventedSpecial("Đảng bộ Công ty May Thái Lam", False, _FIRM, 305, 25, 19),),
    ),
    # 24 organisations with committees and 14 branches, 4,354 members; plan 169, striven for 248, done 196.
    # A ward of 7 branches and 235 members: 14 of 13.
    InventedArea(
        code="MH",
        name="Đảng bộ khu vực Mộc Hải",
        aliases=("Mộc Hải",),
        members=4_354,
        quota="169",
        stretch=248,
        communes=17,
        committees=7,
        branches=14,
        done_in_communes=142,
        done_elsewhere=54,
        pending=6,
        told_at=83,
        playable=InventedCommune(
            name="Đảng bộ phường Trần Sơn",
            aliases=("phường Trần Sơn", "Trần Sơn"),
            members=235,
            quota="13",
            stretch=18,
            branches=(
                InventedBranch("Chi bộ khu Hồng Sơn", ("khu Hồng Sơn", "Hồng Sơn"), _HOME, 23, 2, 2),
                InventedBranch("Chi bộ khu Bến Đò", ("khu Bến Đò", "Bến Đò"), _HOME, 41, 2, 3),
                InventedBranch("Chi bộ khu Đông Thành", ("khu Đông Thành",), _HOME, 38, 2, 2, 3),
                InventedBranch("Chi bộ khu Làng Chài", ("khu Làng Chài", "Làng Chài"), _HOME, 29, 2, 0, 1),
                InventedBranch("Chi bộ khu Chợ Mới", ("khu Chợ Mới", "Chợ Mới"), _HOME, 47, 3, 4),
                InventedBranch("Chi bộ Trường TH và THCS Trần Sơn", ("trường học", "trường"), _SCHOOL, 36, 1, 2),
                InventedBranch("Chi bộ Cơ quan phường Trần Sơn", ("cơ quan phường",), _OFFICE, 21, 1, 1, 1),
            ),
        ),
    ),
    # Quota 100, done 134: 117 in communes and wards, 17 elsewhere. A commune with 6-8 that has 12:
    # 1 military, 2 at schools, 9 in villages. A ward with 8 that has 11.
    InventedArea(
        code="DX",
        name="Đảng bộ khu vực Điền Xuân",
        aliases=("Điền Xuân",),
        members=None,
        quota="100",
        stretch=None,
        communes=20,
        committees=4,
        branches=8,
        done_in_communes=117,
        done_elsewhere=17,
        pending=4,
        told_at=75,
        playable=InventedCommune(
            name="Đảng bộ xã Xuân Hà",
            aliases=("xã Xuân Hà", "Xuân Hà"),
            members=338,
            quota="6-8",
            stretch=None,
            branches=(
                InventedBranch("Chi bộ thôn Hạ Đồng 1", ("thôn Hạ Đồng 1", "Hạ Đồng 1"), _HOME, 44, 1, 2, 3),
                InventedBranch("Chi bộ thôn Hạ Đồng 2", ("thôn Hạ Đồng 2", "Hạ Đồng 2"), _HOME, 39, 1, 2, 4),
                InventedBranch("Chi bộ thôn Xuân Mỹ", ("thôn Xuân Mỹ", "Xuân Mỹ"), _HOME, 52, 1, 3, 2),
                InventedBranch("Chi bộ thôn Bàu Sen", ("thôn Bàu Sen", "Bàu Sen"), _HOME, 47, 1, 2, 2),
                InventedBranch("Chi bộ thôn Gò Sim", ("thôn Gò Sim", "Gò Sim"), _HOME, 31, 1, 0, 1, says_nothing=True),
                InventedBranch("Chi bộ Quân sự xã Xuân Hà", ("quân sự", "chi bộ quân sự"), _ARMY, 18, 1, 1, 1),
                InventedBranch("Chi bộ Trường THCS Xuân Hà", ("thcs", "trường cấp 2"), _SCHOOL, 41, 1, 1, 2),
                InventedBranch("Chi bộ Trường Tiểu học Xuân Hà", ("tiểu học", "trường cấp 1"), _SCHOOL, 38, 1, 1, 1),
                InventedBranch("Chi bộ Hưu trí Xuân Hà", ("hưu trí",), _HOME, 28, 0, 0, 0, nobody_left=True),
            ),
        ),
        specials=(InventedSpecial("Đảng bộ phường Xuân Dương", True, Sector.OTHER, 260, 8, 11),),
    ),
    # 68 organisations, 7,650 members, 800 in a term of five years: 160 a year; over 130 in eleven months.
    # Branches under and over nine members.
    InventedArea(
        code="PH",
        name="Đảng bộ khu vực Phú Hồ",
        aliases=("Phú Hồ",),
        members=7_650,
        quota="160",
        stretch=None,
        communes=23,
        committees=15,
        branches=30,
        done_in_communes=95,
        done_elsewhere=38,
        pending=9,
        told_at=85,
        playable=InventedCommune(
            name="Đảng bộ phường Hồ Sen",
            aliases=("phường Hồ Sen", "Hồ Sen"),
            members=196,
            quota="9",
            stretch=12,
            branches=(
                InventedBranch("Chi bộ tổ dân phố 1", ("tổ 1", "tdp 1"), _HOME, 46, 2, 1, 2),
                InventedBranch("Chi bộ tổ dân phố 2", ("tổ 2", "tdp 2"), _HOME, 51, 2, 2, 2),
                InventedBranch("Chi bộ làng Ia Sênh", ("làng Ia Sênh", "Ia Sênh"), _HOME, 8, 1, 1, 4, 1),
                InventedBranch("Chi bộ làng Plei Mơ", ("làng Plei Mơ", "Plei Mơ"), _HOME, 6, 1, 0, 3),
                InventedBranch("Chi bộ Trường THCS Hồ Sen", ("thcs",), _SCHOOL, 44, 1, 1, 1),
                InventedBranch("Chi bộ Trạm Y tế phường Hồ Sen", ("trạm y tế", "y tế"), _HEALTH, 11, 1, 1, 1),
                InventedBranch("Chi bộ Công an phường Hồ Sen", ("công an",), _POLICE, 30, 1, 0, 1, says_nothing=True),
            ),
        ),
    ),
    # 25 organisations of communes, 3 others with committees, 45 branches; 5,756 members; decided month by month,
    # so that some always wait for their ceremony; people who leave for work.
    InventedArea(
        code="HV",
        name="Đảng bộ khu vực Hoàng Vân",
        aliases=("Hoàng Vân",),
        members=5_756,
        quota="215",
        stretch=None,
        communes=25,
        committees=3,
        branches=45,
        done_in_communes=130,
        done_elsewhere=54,
        pending=21,
        told_at=85,
        playable=InventedCommune(
            name="Đảng bộ xã Nậm Vân",
            aliases=("xã Nậm Vân", "Nậm Vân"),
            members=187,
            quota="≥11",
            stretch=None,
            branches=(
                InventedBranch("Chi bộ thôn Nậm Lìn", ("thôn Nậm Lìn", "Nậm Lìn"), _HOME, 24, 3, 1, 5, 1),
                InventedBranch("Chi bộ thôn Bản Pắng", ("thôn Bản Pắng", "Bản Pắng"), _HOME, 19, 1, 1, 3),
                InventedBranch("Chi bộ thôn Lủng Mò", ("thôn Lủng Mò", "Lủng Mò"), _HOME, 14, 2, 0, 2),
                InventedBranch("Chi bộ thôn Khe Thầu", ("thôn Khe Thầu", "Khe Thầu"), _HOME, 17, 2, 0, 2, 2),
                InventedBranch("Chi bộ thôn Tả Pắng", ("thôn Tả Pắng", "Tả Pắng"), _HOME, 21, 1, 2, 2),
                InventedBranch("Chi bộ thôn Pờ Ly", ("thôn Pờ Ly", "Pờ Ly"), _HOME, 12, 1, 0, 1, says_nothing=True),
                InventedBranch("Chi bộ Trường PTDTBT Nậm Vân", ("trường bán trú", "trường"), _SCHOOL, 52, 1, 1, 2),
                InventedBranch("Chi bộ Cơ quan xã Nậm Vân", ("cơ quan xã",), _OFFICE, 28, 0, 0, 0, nobody_left=True),
            ),
        ),
    ),
)

COMMUNE_NAMES = ("Đảng bộ xã {}", "Đảng bộ xã {}", "Đảng bộ phường {}")
COMMITTEE_NAMES: tuple[tuple[str, Sector], ...] = (
    ("Đảng bộ Công ty {}", _FIRM),
    ("Đảng bộ Bệnh viện {}", _HEALTH),
    ("Đảng bộ Trường Cao đẳng {}", _SCHOOL),
    ("Đảng bộ Hợp tác xã {}", _FIRM),
)
BRANCH_NAMES: tuple[tuple[str, Sector], ...] = (
    ("Chi bộ Trường THPT {}", _SCHOOL),
    ("Chi bộ Công ty {}", _FIRM),
    ("Chi bộ Trung tâm Y tế {}", _HEALTH),
    ("Chi bộ Cơ quan {}", _OFFICE),
    ("Chi bộ Hạt Kiểm lâm {}", _OFFICE),
)
FIRST_SYLLABLES = ("An", "Bình", "Cẩm", "Đông", "Hòa", "Hưng", "Lộc", "Minh", "Phú", "Quế", "Tân", "Thanh", "Vĩnh")
SECOND_SYLLABLES = ("Khê", "Thủy", "Lạc", "Phong", "Trạch", "Nghĩa", "Điền", "Lâm", "Giang")

SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đặng", "Đỗ", "Hồ", "Ngô", "Dương", "Đinh", "Mai", "Tạ")
MEN = ("Văn Khải", "Đức Lượng", "Hữu Tín", "Xuân Thịnh", "Bá Tuyên", "Quốc Việt", "Mạnh Tường", "Công Bằng")
WOMEN = ("Thị Hạnh", "Thu Ngân", "Thị Kim Oanh", "Bích Thảo", "Thị Lựu", "Ngọc Diệp", "Thị Thơm", "Thùy Dung")
UPLAND_PEOPLE: dict[str, tuple[tuple[str, str, str], ...]] = {
    "HV": (
        ("Giàng Seo Sình", "nam", "Mông"),
        ("Vàng Thị Chứ", "nữ", "Nùng"),
        ("Lùng Văn Phủ", "nam", "Nùng"),
        ("Tải Văn Ngán", "nam", "Dao"),
        ("Phàn Mùi Khé", "nữ", "Dao"),
        ("Hoàng Seo Lử", "nam", "Mông"),
        ("Xìn Thị Mỷ", "nữ", "La Chí"),
        ("Sèn Văn Tờ", "nam", "Nùng"),
        ("Lù Thị Ghển", "nữ", "Tày"),
        ("Thào A Sáu", "nam", "Mông"),
        ("Bàn Tà Dảo", "nam", "Dao"),
        ("Ly Thị Xoa", "nữ", "La Chí"),
        ("Cháng Seo Páo", "nam", "Mông"),
        ("Nông Thị Bảy", "nữ", "Tày"),
    ),
    "PH": (
        ("Rơ Mah H'Liên", "nữ", "Gia Rai"),
        ("Siu Y Khôi", "nam", "Gia Rai"),
        ("Ksor H'Bia", "nữ", "Gia Rai"),
        ("Rơ Châm Thuyn", "nam", "Gia Rai"),
        ("Kpă Y Ngơi", "nam", "Gia Rai"),
        ("Đinh Hmưn", "nữ", "Ba Na"),
    ),
}
MAN, WOMAN = "nam", "nữ"
JOBS = (
    "trưởng thôn",
    "giáo viên",
    "bí thư chi đoàn",
    "dân quân",
    "công nhân",
    "chi hội trưởng phụ nữ",
    "cán bộ y tế",
    "nông dân",
)


@dataclass(frozen=True, slots=True)
class InventedPersona:
    """Whom one may play: `place` is an area's code and the number of a branch, 0 for the commune itself."""

    key: str
    title: str
    role: Role | None
    name: str
    places: tuple[tuple[str, int], ...] = ()


PERSONAS: tuple[InventedPersona, ...] = (
    InventedPersona("bi-thu", "Bí thư chi bộ thôn Nậm Lìn", Role.SECRETARY, "Lý Seo Dìn", (("HV", 1),)),
    InventedPersona("bi-thu-2", "Bí thư chi bộ thôn Hạ Đồng 2", Role.SECRETARY, "Võ Thành Nhơn", (("DX", 2),)),
    InventedPersona("dang-uy", "Văn phòng Đảng ủy xã Nậm Vân", Role.COMMITTEE, "Hoàng Thị Nhung", (("HV", 0),)),
    InventedPersona(
        "phu-trach",
        "Đảng ủy viên phụ trách 5 chi bộ, xã Nậm Vân",
        Role.MONITOR,
        "Vương Văn Chẩn",
        (("HV", 1), ("HV", 2), ("HV", 3), ("HV", 4), ("HV", 6)),
    ),
    InventedPersona(
        "phu-trach-2",
        "Tỉnh ủy viên phụ trách 5 xã, phường",
        Role.MONITOR,
        "Tô Kim Phượng",
        (("TL", 0), ("MH", 0), ("DX", 0), ("PH", 0), ("HV", 0)),
    ),
    InventedPersona("to-chuc", "Ban Tổ chức Tỉnh ủy Bình Lam", Role.ORGANISER, "Cao Minh Triết"),
    InventedPersona("nguoi-la", "Người lạ, chưa tham gia", None, "Người lạ"),
)
COMMITTEE_KEY = "dang-uy-{}"
SECRETARY_KEY = "bi-thu-{}"
