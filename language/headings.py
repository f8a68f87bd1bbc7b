"""The words of the office's workbook: its sheets, headings, lists to choose from, hints, examples and guide."""

from dataclasses import dataclass
from enum import StrEnum

from domain.people import Role
from domain.records import Stage
from domain.units import Sector, UnitKind
from language.vocabulary import ETHNIC_GROUPS


class Sheet(StrEnum):
    """The sheets that are read, in the order in which they are filled in."""

    UNITS = "units"
    QUOTAS = "quotas"
    PEOPLE = "people"
    CANDIDATES = "candidates"
    ADMISSIONS = "admissions"


class Column(StrEnum):
    CODE = "code"
    NAME = "name"
    KIND = "kind"
    PARENT = "parent"
    SECTOR = "sector"
    MEMBERS = "members"
    COUNTED_ON = "counted_on"
    ALIASES = "aliases"
    NOBODY_LEFT = "nobody_left"
    UNIT = "unit"
    YEAR = "year"
    TARGET = "target"
    STRETCH = "stretch"
    DECISION_NO = "decision_no"
    EFFECTIVE_ON = "effective_on"
    PERSON = "person"
    ROLE = "role"
    UNITS = "units"
    PERSON_KEY = "person_key"
    NUMBER = "number"
    CONSENT_ON = "consent_on"
    STAGE = "stage"
    STAGE_ON = "stage_on"
    CERTIFICATE_ON = "certificate_on"
    CEREMONY_ON = "ceremony_on"
    DECISION_ON = "decision_on"
    COUNT = "count"
    BORN = "born"
    GENDER = "gender"
    ETHNICITY = "ethnicity"
    JOB = "job"
    YOUTH_UNION = "youth_union"
    IS_OTHER = "is_other"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its title, other titles understood, and the hint shown beside a cell."""

    column: Column
    title: str
    hint: str
    also: tuple[str, ...] = ()
    is_required: bool = False


SHEET_NAMES: dict[Sheet, str] = {
    Sheet.UNITS: "Đơn vị",
    Sheet.QUOTAS: "Chỉ tiêu",
    Sheet.PEOPLE: "Người phụ trách",
    Sheet.CANDIDATES: "Nguồn",
    Sheet.ADMISSIONS: "Kết nạp",
}
PAST_SHEETS = (Sheet.CANDIDATES, Sheet.ADMISSIONS)
"""Sheets that a file need not have; one that has them may leave out the others."""

GUIDE_NAME = "Hướng dẫn"
LISTS_NAME = "Danh mục"

KIND_WORDS: dict[UnitKind, tuple[str, ...]] = {
    UnitKind.SUPERIOR: ("Đảng bộ cấp trên", "Đảng ủy cấp trên", "Đảng bộ cấp trên cơ sở", "Cấp trên"),
    UnitKind.GRASSROOTS: (
        "Đảng bộ cơ sở",
        "Đảng ủy cơ sở",
        "Đảng bộ xã",
        "Đảng bộ phường",
        "Đảng ủy xã",
        "Đảng ủy phường",
    ),
    UnitKind.COMMITTEE: ("Đảng bộ bộ phận", "Đảng ủy bộ phận"),
    UnitKind.BRANCH: ("Chi bộ", "Chi bộ cơ sở", "Chi bộ trực thuộc", "CB"),
}

SECTOR_WORDS: dict[Sector, tuple[str, ...]] = {
    Sector.RESIDENTIAL: ("Khu dân cư", "Thôn", "Tổ dân phố", "Khối phố", "Khu phố", "Bản", "Ấp"),
    Sector.SCHOOL: ("Trường học", "Trường", "Giáo dục"),
    Sector.MILITARY: ("Quân sự", "Quân đội"),
    Sector.POLICE: ("Công an",),
    Sector.COMPANY: ("Doanh nghiệp", "Công ty", "Hợp tác xã"),
    Sector.OFFICE: ("Cơ quan", "Hành chính"),
    Sector.HEALTH: ("Y tế", "Trạm y tế", "Bệnh viện"),
    Sector.OTHER: ("Khác",),
}

ROLE_WORDS: dict[Role, tuple[str, ...]] = {
    Role.SECRETARY: ("Bí thư chi bộ", "Phó bí thư chi bộ", "Bí thư, phó bí thư chi bộ", "Bí thư"),
    Role.COMMITTEE: ("Đảng ủy cơ sở", "Đảng ủy", "Bí thư đảng ủy", "Phó bí thư đảng ủy", "Văn phòng đảng ủy"),
    Role.MONITOR: ("Cấp ủy viên phụ trách", "Đảng ủy viên phụ trách", "Ủy viên phụ trách", "Phụ trách"),
    Role.ORGANISER: ("Ban tổ chức", "Ban xây dựng Đảng", "Cán bộ tổ chức"),
    Role.INTRODUCER: ("Đoàn thể", "Đoàn thể giới thiệu"),
}

ADMIN_WORDS = ("Quản trị kỹ thuật", "Quản trị", "Admin")

YES_WORDS = ("Có", "x", "Đúng", "Yes", "True", "1")
NO_WORDS = ("Không", "-", "Sai", "No", "False", "0")

STAGE_WORDS: dict[Stage, tuple[str, ...]] = {
    Stage.LISTED: ("Trong danh sách nguồn", "Nguồn", "Quần chúng"),
    Stage.UNION_INTRODUCED: ("Đoàn thể giới thiệu", "Đã được đoàn thể giới thiệu"),
    Stage.HELPER_ASSIGNED: ("Đã phân công giúp đỡ", "Đã phân công người giúp đỡ"),
    Stage.CLASS_REGISTERED: ("Đã đăng ký lớp nhận thức",),
    Stage.CLASS_DONE: ("Đã học lớp nhận thức", "Đã học lớp cảm tình", "Đã học cảm tình Đảng"),
    Stage.APPLICATION: ("Có đơn xin vào Đảng", "Đã có đơn", "Đã viết đơn"),
    Stage.DOSSIER_OPEN: ("Đang làm hồ sơ", "Làm hồ sơ"),
    Stage.CV_DECLARED: ("Đã khai lý lịch",),
    Stage.CV_VERIFYING: ("Đang thẩm tra lý lịch", "Đang thẩm tra"),
    Stage.CV_VERIFIED: ("Đã thẩm tra lý lịch", "Đã thẩm tra xong lý lịch"),
    Stage.OPINIONS: ("Đã lấy ý kiến",),
    Stage.BRANCH_RESOLVED: ("Chi bộ đã xét", "Chi bộ đã có nghị quyết"),
    Stage.COMMITTEE_REVIEW: ("Đảng ủy đang xét",),
    Stage.BRANCH_REJECTED: ("Chi bộ chưa thông qua",),
    Stage.RETURNED: ("Hồ sơ bị trả lại",),
    Stage.PAUSED: ("Tạm dừng",),
}
"""Stages of candidates; whoever is decided or admitted stands on the sheet of admissions."""

GENDER_WORDS: dict[str, tuple[str, ...]] = {"nam": ("Nam",), "nữ": ("Nữ",)}
ETHNICITY_WORDS: dict[str, tuple[str, ...]] = {group: (group,) for group in ETHNIC_GROUPS}

LABEL_OF_LISTED = "quần chúng"
LABEL_OF_ADMITTED = "đảng viên mới"
"""What begins the label of somebody whose name is not kept."""

PRIVATE_HEADINGS = (
    *("cccd", "cmnd", "cmt", "can cuoc", "chung minh", "dinh danh", "ho chieu", "so giay to"),
    *("dien thoai", "sdt", "sđt", "di dong", "zalo", "email", "thu dien tu"),
    *("que quan", "nguyen quan", "noi sinh", "noi o", "cho o", "dia chi", "thuong tru", "tam tru", "noi cu tru"),
    *("the dang", "so the", "so ly lich", "ton giao", "suc khoe", "hon nhan", "ho ten bo", "ho ten me"),
    *("ten cha", "ten bo", "ten me", "vo chong", "ho ten vo", "ho ten chong", "gia dinh", "lich su chinh tri"),
    *("ngan hang", "tai khoan", "ma so thue", "bao hiem", "bhxh", "tien an", "ky luat", "anh the"),
)
"""Beginnings, without accents, of columns in offices' own files that are never read."""

EXAMPLE_WORD = "Ví dụ"
"""A row whose code, unit or name begins with this word is an example and is never read."""

_BRANCH = Heading(
    Column.UNIT,
    "Mã đơn vị",
    "Mã chi bộ, như ở trang Đơn vị hoặc như đã nạp trước đây.",
    ("Mã", "Mã ĐV", "Mã chi bộ", "Đơn vị"),
    is_required=True,
)
_CONSENT = Heading(
    Column.CONSENT_ON,
    "Đồng ý (ngày)",
    "Ngày người ấy đồng ý cho ghi tên. Để trống thì chỉ ghi thành con số, không giữ họ tên.",
    ("Ngày đồng ý", "Đồng ý"),
)
_TRAITS = (
    Heading(Column.BORN, "Tháng, năm sinh", "Ví dụ 05/1997 hoặc 1997. Không giữ ngày sinh.", ("Năm sinh", "Ngày sinh")),
    Heading(Column.GENDER, "Giới tính", "Nam hoặc Nữ.", ("Nam/Nữ",)),
    Heading(Column.ETHNICITY, "Dân tộc", "Ví dụ Kinh, Tày, Mông.", ()),
    Heading(Column.JOB, "Nghề nghiệp", "Ví dụ giáo viên. Không ghi số điện thoại, địa chỉ.", ("Nghề", "Công việc")),
)
_IS_OTHER = Heading(
    Column.IS_OTHER,
    "Người khác",
    "Chỉ chọn Có khi trùng họ tên với một người khác cùng chi bộ.",
    ("Trùng tên, người khác",),
)

HEADINGS: dict[Sheet, tuple[Heading, ...]] = {
    Sheet.UNITS: (
        Heading(
            Column.CODE,
            "Mã",
            "Chữ và số tùy ý, mỗi đơn vị một mã, không trùng. Không dùng dấu chấm phẩy (;).",
            ("Mã đơn vị", "Mã ĐV", "Mã số"),
            is_required=True,
        ),
        Heading(Column.NAME, "Tên", "Tên đầy đủ của đơn vị.", ("Tên đơn vị", "Đơn vị"), is_required=True),
        Heading(Column.KIND, "Loại", "Chọn trong danh sách.", ("Loại đơn vị", "Loại hình"), is_required=True),
        Heading(
            Column.PARENT,
            "Mã cấp trên",
            "Mã của đơn vị cấp trên trực tiếp. Chỉ đơn vị cao nhất để trống ô này.",
            ("Mã đơn vị cấp trên", "Cấp trên", "Trực thuộc"),
            is_required=True,
        ),
        Heading(Column.SECTOR, "Lĩnh vực", "Chọn trong danh sách; để trống là Khác.", ("Khối",)),
        Heading(
            Column.MEMBERS,
            "Số đảng viên",
            "Số nguyên. Có số thì ghi cả cột Tính đến ngày.",
            ("Số ĐV", "Tổng số đảng viên"),
        ),
        Heading(Column.COUNTED_ON, "Tính đến ngày", "Ngày/tháng/năm, ví dụ 31/12/2025.", ("Ngày tính", "Tính đến")),
        Heading(
            Column.ALIASES,
            "Tên gọi khác",
            "Các tên hay gọi, cách nhau bằng dấu chấm phẩy (;). Có thể để trống.",
            ("Tên khác", "Tên thường gọi"),
        ),
        Heading(
            Column.NOBODY_LEFT,
            "Không còn quần chúng",
            "Chọn Có nếu chi bộ không còn ai để kết nạp; chi bộ ấy sẽ không bị nhắc.",
            ("Hết quần chúng",),
        ),
    ),
    Sheet.QUOTAS: (
        Heading(
            Column.UNIT,
            "Mã đơn vị",
            "Mã đã ghi ở trang Đơn vị.",
            ("Mã", "Mã ĐV", "Đơn vị"),
            is_required=True,
        ),
        Heading(Column.YEAR, "Năm", "Ví dụ 2026.", ("Năm chỉ tiêu",), is_required=True),
        Heading(
            Column.TARGET,
            "Chỉ tiêu",
            "Một số (13), ít nhất (≥13) hoặc khoảng (6-8).",
            ("Chỉ tiêu kết nạp", "Chỉ tiêu giao"),
            is_required=True,
        ),
        Heading(
            Column.STRETCH,
            "Phấn đấu",
            "Con số cao hơn mà đơn vị phấn đấu. Có thể để trống.",
            ("Chỉ tiêu phấn đấu",),
        ),
        Heading(Column.DECISION_NO, "Số quyết định", "Ví dụ 12-QĐ/ĐU. Có thể để trống.", ("Quyết định số", "Số QĐ")),
        Heading(
            Column.EFFECTIVE_ON,
            "Ngày hiệu lực",
            "Ngày/tháng/năm, ví dụ 15/01/2026. Có thể để trống.",
            ("Hiệu lực từ", "Ngày quyết định"),
        ),
    ),
    Sheet.PEOPLE: (
        Heading(Column.PERSON, "Họ và tên", "Họ và tên đầy đủ.", ("Họ tên", "Tên"), is_required=True),
        Heading(Column.ROLE, "Vai trò", "Chọn trong danh sách.", ("Chức vụ", "Nhiệm vụ"), is_required=True),
        Heading(
            Column.UNITS,
            "Mã đơn vị",
            "Mã đã ghi ở trang Đơn vị. Phụ trách nhiều đơn vị thì ghi các mã cách nhau bằng dấu chấm phẩy (;).",
            ("Mã", "Mã ĐV", "Các mã đơn vị", "Đơn vị"),
            is_required=True,
        ),
        Heading(
            Column.PERSON_KEY,
            "Mã người",
            "Chỉ cần khi một tên có ở nhiều dòng: cùng một người thì cùng mã, hai người thì hai mã (1, 2, …).",
            ("Mã cán bộ", "Phân biệt"),
        ),
    ),
    Sheet.CANDIDATES: (
        _BRANCH,
        Heading(Column.PERSON, "Họ và tên", "Họ và tên đầy đủ.", ("Họ tên", "Tên"), is_required=True),
        _CONSENT,
        Heading(Column.STAGE, "Bước", "Chọn trong danh sách; để trống là trong danh sách nguồn.", ("Tình trạng",)),
        Heading(Column.STAGE_ON, "Ngày của bước", "Ngày/tháng/năm. Có thể để trống.", ("Từ ngày",)),
        Heading(
            Column.CERTIFICATE_ON,
            "Ngày cấp giấy chứng nhận",
            "Giấy chứng nhận học lớp nhận thức về Đảng. Có thể để trống.",
            ("Ngày giấy chứng nhận", "Ngày GCN"),
        ),
        *_TRAITS,
        Heading(Column.YOUTH_UNION, "Đoàn viên", "Chọn Có hoặc Không. Có thể để trống.", ("Là đoàn viên",)),
        _IS_OTHER,
    ),
    Sheet.ADMISSIONS: (
        Heading(
            Column.NUMBER,
            "Số",
            "Chỉ điền khi sửa một bản ghi đã có: số của bản ghi ấy. Ô để trống thì giữ như cũ.",
            ("Số bản ghi",),
        ),
        _BRANCH,
        Heading(
            Column.PERSON,
            "Họ và tên",
            "Họ và tên đầy đủ. Để trống nếu dòng chỉ ghi số người của một tháng.",
            ("Họ tên", "Tên"),
            is_required=True,
        ),
        _CONSENT,
        Heading(
            Column.CEREMONY_ON,
            "Ngày kết nạp",
            "Ngày làm lễ, ví dụ 15/10/2025. Chỉ biết tháng thì ghi 10/2025. Mới có quyết định thì để trống.",
            ("Ngày làm lễ", "Ngày vào Đảng", "Tháng"),
            is_required=True,
        ),
        Heading(Column.DECISION_ON, "Ngày quyết định", "Ngày ký quyết định kết nạp. Có thể để trống.", ("Ngày QĐ",)),
        Heading(Column.DECISION_NO, "Số quyết định", "Ví dụ 12-QĐ/ĐU. Có thể để trống.", ("Quyết định số", "Số QĐ")),
        Heading(
            Column.COUNT,
            "Số người",
            "Chỉ điền khi dòng không có họ tên: số người kết nạp của tháng ấy.",
            ("Số lượng", "Số kết nạp"),
        ),
        *_TRAITS,
        _IS_OTHER,
    ),
}

EXAMPLES: dict[Sheet, tuple[dict[Column, str | int], ...]] = {
    Sheet.UNITS: (
        {
            Column.CODE: "Ví dụ: X01",
            Column.NAME: "Đảng bộ xã Mẫu",
            Column.KIND: "Đảng bộ cơ sở",
            Column.SECTOR: "Khác",
            Column.MEMBERS: 1239,
            Column.COUNTED_ON: "31/12/2025",
        },
        {
            Column.CODE: "Ví dụ: X01-01",
            Column.NAME: "Chi bộ thôn Mẫu 1",
            Column.KIND: "Chi bộ",
            Column.PARENT: "Ví dụ: X01",
            Column.SECTOR: "Khu dân cư",
            Column.MEMBERS: 23,
            Column.COUNTED_ON: "31/12/2025",
            Column.ALIASES: "thôn 1; mẫu một",
            Column.NOBODY_LEFT: "Không",
        },
    ),
    Sheet.QUOTAS: (
        {
            Column.UNIT: "Ví dụ: X01",
            Column.YEAR: 2026,
            Column.TARGET: "≥13",
            Column.STRETCH: 18,
            Column.DECISION_NO: "12-QĐ/ĐU",
            Column.EFFECTIVE_ON: "15/01/2026",
        },
        {Column.UNIT: "Ví dụ: X01-01", Column.YEAR: 2026, Column.TARGET: "6-8"},
    ),
    Sheet.PEOPLE: (
        {Column.PERSON: "Ví dụ: Nguyễn Văn Mẫu", Column.ROLE: "Bí thư chi bộ", Column.UNITS: "X01-01"},
        {Column.PERSON: "Ví dụ: Trần Thị Mẫu", Column.ROLE: "Cấp ủy viên phụ trách", Column.UNITS: "X01-01; X01-02"},
    ),
    Sheet.CANDIDATES: (
        {
            Column.UNIT: "Ví dụ: X01-01",
            Column.PERSON: "Lê Văn Mẫu",
            Column.CONSENT_ON: "05/11/2026",
            Column.STAGE: "Đã học lớp nhận thức",
            Column.BORN: "05/1999",
            Column.GENDER: "Nam",
            Column.ETHNICITY: "Kinh",
        },
    ),
    Sheet.ADMISSIONS: (
        {
            Column.UNIT: "Ví dụ: X01-01",
            Column.PERSON: "Phạm Thị Mẫu",
            Column.CONSENT_ON: "05/11/2026",
            Column.CEREMONY_ON: "15/10/2025",
            Column.DECISION_ON: "20/09/2025",
            Column.DECISION_NO: "12-QĐ/ĐU",
            Column.BORN: "1997",
        },
        {Column.UNIT: "Ví dụ: X01-01", Column.CEREMONY_ON: "09/2025", Column.COUNT: 2},
    ),
}

GUIDE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Sổ Kết nạp: tệp khai báo đơn vị, chỉ tiêu, người phụ trách, nguồn và kết nạp các năm trước",
        (
            "Đồng chí điền ba trang Đơn vị, Chỉ tiêu, Người phụ trách: mỗi dòng một đơn vị, một chỉ tiêu, một người.",
            "Hai trang Nguồn, Kết nạp chỉ điền khi cần. Đã khai đơn vị rồi thì tệp chỉ cần một trong hai trang ấy.",
            "Cột có dấu * phải điền; riêng đơn vị cao nhất để trống Mã cấp trên.",
            "Dòng chữ nghiêng màu xám bắt đầu bằng “Ví dụ” chỉ để tham khảo: để lại hay xóa đi đều được.",
            "Máy kiểm tra cả tệp trước khi ghi. Còn một lỗi thì chưa ghi gì, và mọi lỗi được báo kèm trang, dòng, cột.",
            "Nộp lại cùng một tệp không làm thay đổi gì thêm.",
        ),
    ),
    (
        "Trang Đơn vị",
        (
            "Mã: tự đặt, mỗi đơn vị một mã, không trùng nhau. Ví dụ X01, X01-01.",
            "Mã cấp trên: mã của đơn vị cấp trên trực tiếp. Chỉ một đơn vị cao nhất được để trống.",
            "Loại: chọn một trong danh sách. Chi bộ cơ sở cũng chọn “Chi bộ”.",
            "Số đảng viên và Tính đến ngày: ghi cả hai, hoặc để trống cả hai.",
            "Tên gọi khác: những tên hay gọi, cách nhau bằng dấu chấm phẩy. Ví dụ: thôn 1; thôn Một.",
            "Không còn quần chúng: chọn “Có” thì chi bộ ấy không bị nhắc.",
        ),
    ),
    (
        "Trang Chỉ tiêu",
        (
            "Mỗi đơn vị, mỗi năm một dòng. Chưa giao chỉ tiêu thì không cần ghi dòng nào.",
            "Chỉ tiêu ghi một trong ba cách: 13 (đúng số), ≥13 (ít nhất), 6-8 (khoảng).",
            "Cột này đặt sẵn kiểu Văn bản (Text), xin giữ nguyên: nếu không, Excel có thể đổi 6-8 thành ngày tháng.",
            "Phấn đấu: con số cao hơn chỉ tiêu, nếu có.",
        ),
    ),
    (
        "Trang Người phụ trách",
        (
            "Ghi họ tên, vai trò và mã đơn vị. Không ghi số điện thoại, số căn cước, địa chỉ.",
            "Một người phụ trách nhiều đơn vị: ghi các mã cách nhau bằng dấu chấm phẩy. Ví dụ: X01-01; X01-02.",
            "Một tên có ở nhiều dòng: ghi thêm Mã người. Cùng một người thì cùng mã, hai người thì hai mã khác nhau.",
        ),
    ),
    (
        "Trang Nguồn và trang Kết nạp",
        (
            "Mỗi dòng một người, ghi theo mã chi bộ. Có ngày ở cột Đồng ý (ngày) thì sổ giữ họ tên.",
            "Chưa có ngày đồng ý: máy chỉ ghi thành con số, không giữ họ tên.",
            "Năm trước chỉ có con số: ở trang Kết nạp để trống họ tên, ghi tháng (09/2025) và Số người.",
            "Một tháng chỉ ghi một cách: từng người, hoặc một con số; ghi cả hai sẽ tính hai lần nên máy không nhận.",
            "Trùng họ tên trong một chi bộ: máy hỏi lại; nếu là người khác thì chọn Có ở cột Người khác.",
            "Sửa bản ghi đã có: điền số của nó vào cột Số và mã đơn vị của nó, còn lại chỉ ghi ô cần sửa.",
            "Mỗi lần nạp là một lô có số; nạp nhầm thì hủy cả lô được.",
            "Không ghi số căn cước, số điện thoại, quê quán, địa chỉ. Cột như vậy trong tệp của đồng chí sẽ không được đọc.",
        ),
    ),
    (
        "Lưu ý chung",
        (
            "Không gộp ô (Merge). Không đổi tên trang, tên cột. Thứ tự cột có thể thay đổi.",
            "Ngày ghi theo ngày/tháng/năm. Ví dụ 15/01/2026.",
            "Chữ gõ bằng bảng mã Unicode. Lưu tệp dạng Excel Workbook (.xlsx), không đặt mật khẩu.",
            "Mỗi trang nhiều nhất 20.000 dòng; tệp nhiều nhất 10 MB.",
        ),
    ),
)

# What may stand around the figures of a target or a year, without accents.
AT_LEAST_BEFORE = ("it nhat", "toi thieu", "tu")
AT_LEAST_AFTER = "tro len"
RANGE_BEFORE = "tu"
RANGE_BETWEEN = ("den", "toi")
YEAR_BEFORE = "nam"
