"""What is wrong in a workbook, said to the person who filled it in: where it stands and what to write instead."""

from domain.office import Problem
from domain.problems import ProblemCode

_LONGEST_FACT = 60
_LONGEST_LIST = 300

# Lists to choose from are long and ours; whatever else stands in a fact was typed by somebody and is cut short.
_LISTING = frozenset(
    {
        ProblemCode.UNKNOWN_CHOICE,
        ProblemCode.HEADINGS_MISSING,
        ProblemCode.SHEET_MISSING,
        ProblemCode.PARENT_LEVEL,
        ProblemCode.PARENT_CIRCLE,
        ProblemCode.PRIVATE_COLUMNS,
    }
)

_SENTENCES: dict[ProblemCode, str] = {
    ProblemCode.EMPTY_FILE: "Tệp rỗng, không có nội dung. Hãy mở lại tệp trong Excel, lưu lại rồi nộp tệp mới.",
    ProblemCode.TOO_BIG: "Tệp quá lớn (giới hạn {0} MB). Hãy xóa hình ảnh, các trang không cần rồi lưu lại.",
    ProblemCode.OLD_XLS: (
        "Đây là tệp Excel kiểu cũ (.xls), dù tên có thể là .xlsx. Hãy mở bằng Excel, chọn Lưu thành (Save As), "
        "kiểu Excel Workbook (.xlsx)."
    ),
    ProblemCode.PASSWORD: "Tệp đang đặt mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu rồi lưu lại.",
    ProblemCode.NOT_A_WORKBOOK: (
        "Đây không phải tệp Excel (.xlsx). Hãy dùng tệp mẫu, hoặc chọn Lưu thành (Save As), kiểu Excel Workbook."
    ),
    ProblemCode.DAMAGED: "Tệp bị hỏng, không đọc được. Hãy mở bằng Excel, lưu thành tệp mới (.xlsx) rồi nộp lại.",
    ProblemCode.SHEET_MISSING: (
        "không có trang này trong tệp. Các trang đang có: {0}. Hãy dùng tệp mẫu, hoặc đặt lại đúng tên trang."
    ),
    ProblemCode.SHEET_TWICE: "có hai trang cùng tên (trang kia là “{0}”). Hãy xóa hoặc đổi tên một trang.",
    ProblemCode.HEADINGS_MISSING: "không thấy dòng tiêu đề. Dòng đầu phải có các cột: {0}.",
    ProblemCode.HEADING_MISSING: "thiếu cột “{0}”. Hãy thêm cột này vào dòng tiêu đề.",
    ProblemCode.HEADING_TWICE: "có hai cột “{0}”. Hãy xóa hoặc đổi tên một cột.",
    ProblemCode.TOO_MANY_ROWS: (
        "có nội dung sau dòng {0}, quá giới hạn. Hãy xóa các dòng thừa ở cuối trang, hoặc chia thành nhiều tệp."
    ),
    ProblemCode.TOO_MANY_COLUMNS: "có nội dung sau cột thứ {0}, quá giới hạn. Hãy xóa các cột thừa bên phải.",
    ProblemCode.TOO_MUCH_TEXT: "có quá nhiều chữ. Hãy xóa các ô chép nhầm đoạn văn dài.",
    ProblemCode.NO_UNITS: "chưa có đơn vị nào. Hãy ghi ít nhất một đơn vị (các dòng “Ví dụ” không được tính).",
    ProblemCode.MERGED_CELLS: "các ô {0} bị gộp. Hãy bỏ gộp ô (Unmerge) rồi ghi đủ vào từng dòng.",
    ProblemCode.FORMULA_WITHOUT_VALUE: (
        "công thức chưa có kết quả. Hãy mở bằng Excel cho tính xong rồi lưu lại, hoặc ghi thẳng giá trị."
    ),
    ProblemCode.CELL_ERROR: "ô đang báo lỗi {0}. Hãy ghi thẳng giá trị thay cho công thức.",
    ProblemCode.MISSING: "còn trống. Hãy điền ô này, hoặc xóa cả dòng nếu là dòng thừa.",
    ProblemCode.TOO_LONG: "dài {0} ký tự, quá giới hạn {1}. Hãy viết ngắn lại.",
    ProblemCode.OLD_FONT: ("“{0}” gõ bằng bảng mã cũ (TCVN3, .VnTime). Hãy chuyển sang bảng mã Unicode rồi chép lại."),
    ProblemCode.UNKNOWN_CHOICE: "“{0}” không có trong danh sách. Hãy chọn một trong: {1}.",
    ProblemCode.NOT_WHOLE: "“{0}” không phải số nguyên. Hãy chỉ ghi chữ số, ví dụ 235 hoặc 27790.",
    ProblemCode.NEGATIVE: "“{0}” là số âm. Hãy ghi số từ 0 trở lên.",
    ProblemCode.TOO_GREAT: "“{0}” quá lớn (giới hạn {1}). Hãy xem lại con số.",
    ProblemCode.NOT_A_DATE: "“{0}” không phải ngày. Hãy ghi ngày/tháng/năm, ví dụ 15/01/2026.",
    ProblemCode.IMPOSSIBLE_DATE: (
        "“{0}” không phải một ngày có thật trong khoảng 2000–2100. Hãy ghi lại ngày/tháng/năm, ví dụ 15/01/2026."
    ),
    ProblemCode.NOT_A_YEAR: "“{0}” không phải năm. Hãy ghi bốn chữ số, ví dụ 2026.",
    ProblemCode.NOT_A_TARGET: (
        "“{0}” không đọc được thành chỉ tiêu. Hãy ghi một số (13), ít nhất (≥13) hoặc khoảng (6-8)."
    ),
    ProblemCode.TARGET_IS_A_DATE: (
        "Excel đã đổi chỉ tiêu thành ngày tháng. Hãy đặt kiểu ô là Văn bản (Text) rồi gõ lại, ví dụ 6-8."
    ),
    ProblemCode.RANGE_REVERSED: "khoảng {0}-{1} có số đầu lớn hơn số cuối. Có phải {1}-{0} không? Hãy ghi lại.",
    ProblemCode.CODE_IS_A_NUMBER: (
        "mã đang là số {0}, Excel có thể đã làm mất chữ số. Hãy đặt kiểu ô là Văn bản (Text) rồi gõ lại mã."
    ),
    ProblemCode.CODE_HAS_SEPARATOR: (
        "“{0}” có dấu chấm phẩy. Mỗi ô chỉ một mã và mã không có dấu chấm phẩy; hãy ghi lại, ví dụ X01-01."
    ),
    ProblemCode.CODE_TWICE: "mã “{0}” đã dùng ở dòng {1}. Hãy đặt mã khác, hoặc xóa dòng trùng.",
    ProblemCode.NAME_TWICE: (
        "“{0}” trùng tên với dòng {1}, cùng cấp trên. Hãy xóa dòng trùng, hoặc ghi tên rõ hơn để phân biệt."
    ),
    ProblemCode.PARENT_UNKNOWN: "không có đơn vị nào mang mã “{0}”. Hãy ghi đúng mã ở cột Mã của trang này.",
    ProblemCode.PARENT_LEVEL: "{0} không thể trực thuộc {1}. Cấp trên của {0} phải là: {2}.",
    ProblemCode.PARENT_NEEDED: "{0} phải có cấp trên. Hãy ghi mã của đơn vị cấp trên trực tiếp.",
    ProblemCode.PARENT_CIRCLE: "các đơn vị là cấp trên của nhau thành vòng: {0}. Hãy sửa mã cấp trên ở một dòng.",
    ProblemCode.SECOND_ROOT: (
        "còn trống, mà đơn vị cao nhất đã là “{0}” (dòng {1}). Hãy ghi mã cấp trên. "
        "Nếu cả hai ngang cấp, hãy thêm một đơn vị cấp trên chung."
    ),
    ProblemCode.COUNT_WITHOUT_DATE: "có số đảng viên mà chưa có ngày. Hãy ghi ngày tính số ấy, ví dụ 31/12/2025.",
    ProblemCode.DATE_WITHOUT_COUNT: "có ngày mà chưa có số đảng viên. Hãy ghi số đảng viên, hoặc xóa ngày.",
    ProblemCode.UNIT_UNKNOWN: "không có đơn vị nào mang mã “{0}”. Hãy ghi đúng mã ở trang Đơn vị.",
    ProblemCode.STRETCH_TOO_LOW: "số phấn đấu {0} thấp hơn chỉ tiêu {1}. Hãy ghi số cao hơn, hoặc để trống.",
    ProblemCode.QUOTA_TWICE: "chỉ tiêu năm {1} của “{0}” đã ghi ở dòng {2}. Hãy giữ lại một dòng.",
    ProblemCode.ROLE_ELSEWHERE: (
        "vai trò “{0}” không khai báo trong tệp này. Hãy xóa dòng; người ấy được mời riêng bằng lệnh invite."
    ),
    ProblemCode.ROLE_NEEDS_BRANCH: (
        "{0} phải gắn với một chi bộ, mà đơn vị này là {1}. Hãy ghi mã chi bộ, hoặc chọn vai trò Đảng ủy cơ sở."
    ),
    ProblemCode.SAME_NAME: (
        "“{0}” đã có ở dòng {1}. Hãy điền cột Mã người ở cả hai dòng: một người thì cùng mã, hai người thì hai mã khác."
    ),
    ProblemCode.KEY_OF_TWO: (
        "mã người “{0}” đã dùng cho “{2}” (dòng {1}). Hãy đặt mã khác, hoặc ghi tên giống nhau nếu là một người."
    ),
    ProblemCode.POST_TWICE: "người này, vai trò này, đơn vị này đã ghi ở dòng {0}. Hãy xóa dòng trùng.",
    ProblemCode.NOT_A_NAME: "không phải họ và tên đầy đủ. Hãy ghi cả họ và tên, ví dụ Nguyễn Văn Mẫu.",
    ProblemCode.NAME_IN_OLD_FONT: (
        "họ tên gõ bằng bảng mã cũ (TCVN3, .VnTime). Hãy chuyển sang bảng mã Unicode rồi chép lại."
    ),
    ProblemCode.NOT_A_BIRTH: "“{0}” không phải tháng, năm sinh. Hãy ghi 05/1997 hoặc 1997.",
    ProblemCode.NOT_A_MONTH: "“{0}” không phải ngày hay tháng. Hãy ghi 15/10/2025, hoặc 10/2025 nếu chỉ biết tháng.",
    ProblemCode.PRIVATE_VALUE: (
        "ô này có số căn cước, số điện thoại hoặc điều riêng tư khác. Hãy xóa phần ấy: sổ không giữ và máy không ghi."
    ),
    ProblemCode.PRIVATE_COLUMNS: "các cột sau là thông tin riêng tư nên máy không đọc, không lưu: {0}.",
    ProblemCode.UNNAMED: (
        "{0} người chưa có ngày đồng ý (cột “Đồng ý (ngày)”): chỉ ghi thành con số, không giữ họ tên."
    ),
    ProblemCode.NO_COUNT: "dòng chưa có họ tên và chưa có số người. Hãy ghi họ tên, hoặc ghi số người của tháng ấy.",
    ProblemCode.COUNT_WITH_NAME: (
        "dòng có cả họ tên và số người. Một người thì hãy để trống số người; số người theo tháng thì hãy để trống họ tên."
    ),
    ProblemCode.NO_DAY: "chưa có ngày làm lễ, cũng chưa có ngày quyết định. Hãy ghi ít nhất một ngày.",
    ProblemCode.FUTURE_DAY: "ngày {0} chưa tới. Hãy xem lại ngày.",
    ProblemCode.BEFORE_DECISION: "ngày làm lễ {0} lại trước ngày quyết định {1}. Hãy xem lại hai ngày này.",
    ProblemCode.TOO_YOUNG: "đến ngày {0} người này chưa đủ 18 tuổi. Hãy xem lại năm sinh và ngày.",
    ProblemCode.PEOPLE_NEED_BRANCH: "đơn vị này không phải chi bộ. Mỗi người phải ghi theo mã chi bộ của người ấy.",
    ProblemCode.FIGURE_OF_SUPERIOR: "đơn vị này ở trên cơ sở. Số người phải ghi theo chi bộ hoặc đảng bộ cơ sở.",
    ProblemCode.ROW_TWICE: (
        "người này đã ghi ở dòng {0}. Hãy xóa dòng trùng; nếu là người khác cùng họ tên, chọn Có ở cột “Người khác”."
    ),
    ProblemCode.FIGURE_TWICE: "số người của đơn vị và thời gian này đã ghi ở dòng {0}. Hãy giữ lại một dòng.",
    ProblemCode.ON_RECORD: (
        "người này đã có trong sổ với ngày khác, số {0}. Muốn sửa thì hãy điền {0} vào cột “Số”; "
        "nếu là người khác cùng họ tên, chọn Có ở cột “Người khác”."
    ),
    ProblemCode.ON_LIST: (
        "trong sổ đã có người cùng họ tên ở chi bộ này. Nếu là người khác, chọn Có ở cột “Người khác”; "
        "nếu là người ấy, hãy ghi bằng tin nhắn để chọn đúng người."
    ),
    ProblemCode.NAMELESS_ON_RECORD: (
        "ngày này chi bộ đã có người ghi không tên, số {0}. Nếu là người ấy, hãy điền số vào cột “Số”; "
        "nếu là người khác, chọn Có ở cột “Người khác”."
    ),
    ProblemCode.FIGURE_ON_RECORD: "trong sổ đã ghi {0} người, số {1}. Muốn sửa con số thì hãy điền {1} vào cột “Số”.",
    ProblemCode.COUNTED_BY_ENTRY: (
        "người của thời gian này đã được tính ở bản ghi số {0}, ghi nữa sẽ tính hai lần. "
        "Hãy chỉ giữ từng người, hoặc chỉ giữ con số."
    ),
    ProblemCode.COUNTED_BY_ROW: (
        "người của thời gian này đã được tính ở dòng {0}, ghi nữa sẽ tính hai lần. "
        "Hãy chỉ giữ từng người, hoặc chỉ giữ con số."
    ),
    ProblemCode.ENTRY_UNKNOWN: "không có bản ghi kết nạp nào số {0}. Hãy xem lại số, hoặc để trống nếu là người mới.",
    ProblemCode.ENTRY_TWICE: "số {0} đã dùng ở dòng {1}. Hãy sửa mỗi bản ghi ở một dòng.",
    ProblemCode.ENTRY_UNDONE: "bản ghi số {0} đã hủy. Muốn sửa thì hãy khôi phục trước.",
    ProblemCode.ENTRY_OVERTAKEN: (
        "bản ghi số {0} đã được sửa, nay là số {1}. Hãy xem lại số {1}, rồi ghi {1} nếu vẫn cần sửa."
    ),
    ProblemCode.ENTRY_OF_OTHER_UNIT: (
        "bản ghi số {0} không thuộc đơn vị này. Tệp không chuyển bản ghi sang đơn vị khác: hãy hủy số {0} rồi ghi mới."
    ),
    ProblemCode.FIGURE_HAS_NO_NAME: "bản ghi số {0} chỉ có con số, không có tên người. Hãy để trống cột Họ và tên.",
    ProblemCode.NAME_NEEDS_CONSENT: "bản ghi số {0} chưa có tên. Muốn ghi tên thì hãy điền ngày người ấy đồng ý.",
}

_HINTS: dict[ProblemCode, str] = {
    ProblemCode.PARENT_UNKNOWN: " Nếu là đơn vị tên như vậy thì mã là “{1}”.",
    ProblemCode.UNIT_UNKNOWN: " Nếu là đơn vị tên như vậy thì mã là “{1}”.",
    ProblemCode.HEADING_MISSING: " Nếu là một trong các cột lạ này thì hãy sửa lại tên: {1}.",
}
"""Said as well when the second fact is not empty."""


def sentence(problem: Problem) -> str:
    """One problem in one line: sheet, row, column, what is wrong, what to write instead."""
    code = ProblemCode(problem.code)
    limit = _LONGEST_LIST if code in _LISTING else _LONGEST_FACT
    facts = tuple(_short(fact, limit) for fact in problem.facts)
    said = _SENTENCES[code].format(*facts)
    if code in _HINTS and len(facts) > 1 and facts[1]:
        said += _HINTS[code].format(*facts)
    typed = facts[0] if facts else ""
    if code is ProblemCode.UNIT_UNKNOWN and "," in typed:
        separated = "; ".join(part.strip() for part in typed.split(",") if part.strip())
        said += f" Nhiều đơn vị thì ngăn bằng dấu chấm phẩy: {separated}"
    place = ", ".join(_place(problem))
    return f"{place}: {said}" if place else said


def sentences(problems: tuple[Problem, ...]) -> str:
    """All problems, one a line, with their number above."""
    return "\n".join((f"Tệp có {len(problems)} chỗ cần sửa:", *(f"- {sentence(problem)}" for problem in problems)))


def notes(noted: tuple[Problem, ...]) -> str:
    """What was left out on purpose, one a line; nothing is wrong with it."""
    return "\n".join(f"Lưu ý: {sentence(note)}" for note in noted)


def _place(problem: Problem) -> list[str]:
    place: list[str] = []
    if problem.sheet:
        place.append(f"Trang “{problem.sheet}”")
    if problem.row:
        place.append(f"dòng {problem.row}")
    if problem.column:
        place.append(f"cột {problem.column}")
    return place


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
