"""The words around names: what a name is not, what stands before one, and the surnames of Viet Nam's peoples."""

from language.plain import fold

_ALL_SURNAMES = """nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dao doan vuong trinh truong dinh lam phung
    mai to ha ta chau chu luu cao thai tong quach tang la kieu lo vi luong mac nong be hua lu ma trieu dam au ban bang
    hau sung thao giang vang lau cu tho chang phang va mua chao tan cheo lung then min giap seo quang ca cam deo bac kha
    lac ngan xong moong cut sa xa bach trang tai phu hung sin xin siu ksor kpa rmah rcom rahlan rlan puih nie mlo eban
    ayun ennuol bya adrong hdok bkrong ktul kdoh nay ro rocham thach son danh kien neang chamalea kator pinang tain mau
    mang taing arat alang zoram bnuoch bhriu coor ating avo arol clau bling blup hoih poloong ploong rapat riah pating
    rah ky chiu nang loc ka ko pi kien dieu diep cung thang na blup neang ating hung khau sam kator ja
    po vien ha khoang tong vang hu van sam linh mong ngon quan thuong phuong dam diep on tu luc tay voong tieu ong khuu
    ninh nghiem khuc khong kim la luyen mau nhu nham phi pho quyen thieu tiet toan tuong uong vuu yen ung co cung doi
    dong giao lai lieu loi long nhan ong thanh thi tien ton trac tri tru ty ky am bien canh cong cat chung gia
    y h k ksa kra klong lieng lieng-hot kon cil k'ho da cha kdam ra ro-o co-lieng rolan hlong hmok kbuor
    lường lò lù lìm lềm lèng tráng chẩu nùng thèn sần vần giàng vừ xồng hạng khang cứ ly""".split()
SURNAMES: frozenset[str] = frozenset(fold(word) for word in _ALL_SURNAMES)

ACCENTED_SURNAMES: frozenset[str] = frozenset(
    """nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi ngô dương lý đào đoàn vương trịnh trương đinh phùng châu lưu quách kiều lương lường nông triệu
    đàm giàng thào sùng vàng lầu lò lô quàng tòng tống đèo lù hầu thạch lâm hồ mùa cứ vừ hạng tẩn chảo phàn bàn tráng lèng tẩn cầm cà đỗ mã tạ tô hứa bế
    khổng từ tăng đồng thái lại bá lữ kha vì ngân mùi lục nùng dương lềm thàng chẩu sìn lìm xìn sần thèn vần lùng cháng giáp ma hảng""".split()
)
"""Surnames exactly as they are spelled: whoever types accents but no capitals still means a name."""

GIVEN: frozenset[str] = frozenset(
    "nam hai ba tu bay tam sau thu lan mai thanh dung linh hien tinh sinh vinh muoi hoa son".split()
)
"""Given names that are common words as well."""

ETHNIC_GROUPS: tuple[str, ...] = (
    "Kinh", "Tày", "Thái", "Mường", "Khmer", "Khơ Me", "Hoa", "Nùng", "Mông", "H'Mông", "HMông", "Dao", "Gia Rai", "Gia-rai",
    "Jrai", "Ê Đê", "Ê-đê", "Ba Na", "Bahnar", "Sán Chay", "Cao Lan", "Chăm", "Cơ Ho", "K'Ho", "Xơ Đăng", "Sê Đăng", "Sán Dìu", "Hrê", "Raglai", "Ra Glai",
    "Mnông", "M'Nông", "Thổ", "Stiêng", "S'tiêng", "Khơ Mú", "Bru - Vân Kiều", "Bru-Vân Kiều", "Bru Vân Kiều", "Vân Kiều", "Cơ Tu", "Giáy", "Tà Ôi", "Pa Kô", "Pa Cô", "Mạ",
    "Giẻ Triêng", "Giẻ-Triêng", "Co", "Chơ Ro", "Xinh Mun", "Hà Nhì", "Chu Ru", "Lào", "La Chí", "Kháng", "Phù Lá", "La Hủ",
    "La Ha", "Pà Thẻn", "Lự", "Ngái", "Chứt", "Lô Lô", "Mảng", "Cơ Lao", "Cờ Lao", "Bố Y", "Cống", "Si La", "Pu Péo",
    "Rơ Măm", "Brâu", "Ơ Đu",
)  # fmt: skip

JOB_HEADS: tuple[str, ...] = (
    "giáo viên", "trưởng thôn", "phó trưởng thôn", "phó thôn", "trưởng bản", "phó bản", "trưởng xóm", "trưởng khu", "trưởng ấp", "trưởng ban",
    "bí thư chi đoàn", "phó bí thư chi đoàn", "bí thư đoàn", "phó bí thư đoàn", "chủ tịch", "phó chủ tịch", "chi hội trưởng", "chi hội phó",
    "công an viên", "công an", "công nhân", "kỹ sư", "bác sĩ", "bác sỹ", "y sĩ", "y sỹ", "y tá", "điều dưỡng", "nữ hộ sinh",
    "nông dân", "làm nông", "bộ đội", "bộ đội xuất ngũ", "dân quân", "thôn đội trưởng", "khẩu đội trưởng", "cán bộ", "công chức", "viên chức",
    "nhân viên", "kế toán", "sinh viên", "học sinh", "tổ trưởng", "tổ phó", "hiệu trưởng", "hiệu phó", "phó hiệu trưởng",
    "thợ xây", "thợ may", "thợ hàn", "thợ điện", "lái xe", "kinh doanh", "buôn bán", "làm ruộng", "làm rẫy", "quân nhân", "địa chính", "tư pháp",
    "thư ký", "chiến sĩ", "tiểu đội trưởng", "già làng", "làm vườn", "đội trưởng", "bảo vệ", "tạp vụ", "thủ thư",
)  # fmt: skip

ADDRESS: dict[str, str] = {
    "anh": "nam", "chị": "nữ", "cô": "nữ", "ông": "nam", "bà": "nữ", "chú": "", "thầy": "", "em": "", "cháu": "", "bác": "",
    "thầy giáo": "", "cô giáo": "nữ", "bạn": "", "a": "nam", "c": "nữ", "e": "", "mợ": "", "dì": "", "thím": "",
}  # fmt: skip
"""Words of address and the sex that they state, if they state one of an adult."""

TITLES: tuple[str, ...] = (
    "đ/c", "đc", "đ.c", "đ c", "đ/chí", "đchí", "đồng chí", "các đồng chí", "các đ/c", "các đc", "quần chúng", "quần chúng ưu tú", "qc", "qcut", "q/c", "qcưt",
    "quần chúng là", "tên", "tên là", "họ tên", "họ và tên", "đ/c là", "đồng chí là", "tên đúng là", "hs của", "hồ sơ của", "lý lịch của", "cho đ/c", "vợ chồng", "vc",
)  # fmt: skip
"""After these even a given name alone, in any spelling, is a name."""

ANCHORS: tuple[str, ...] = (
    "đ/c", "đc", "đ.c", "đ c", "đ/chí", "đchí", "đồng chí", "đồng chi", "các đồng chí", "các đ/c", "các đc", "quần chúng", "quần chúng ưu tú", "qc", "qcut", "q/c", "qcưt",
    "cho", "là", "gồm", "tên", "tên là", "họ tên", "họ và tên", "của", "thêm", "gồm có", "tên đúng là", "đổi tên thành", "sửa tên thành",
    "kết nạp", "kết nạp được", "kết nạp cho", "kết nạp thêm", "kết nạp mới", "kn", "kn đc", "kn được", "kết nạp đc", "kết nạp đảng cho", "kết nạp đảng",
    "lễ kết nạp", "lễ kn", "kết nạp đảng viên", "kết nạp đảng viên mới", "kn đv", "kn đảng viên", "đảng viên mới", "đảng viên", "đv", "đv mới",
    "đoàn viên", "đoàn viên ưu tú", "giới thiệu", "giới thiệu thêm", "bổ sung", "bổ sung nguồn", "thêm nguồn", "bổ sung vào nguồn", "đưa", "cảm tình", "cảm tình đảng",
    "giúp đỡ", "giúp", "phân công", "thay", "thay cho", "giao cho", "giao", "nguồn", "hồ sơ", "hồ sơ của", "thêm người", "vợ chồng", "vc", "với", "cùng", "và",
    "hs", "hs của", "lý lịch", "lý lịch của", "đối tượng", "gạch tên", "xóa tên", "rút", "loại", "công nhận", "chính thức cho", "chuyển chính thức cho",
    "của đc", "tiếp nhận", "trường hợp", "đối với", "xét", "xét kết nạp", "đề nghị kết nạp", "quyết định kết nạp", "qđ kết nạp", "nguồn là",
    "đảng cho", "chi bộ kết nạp", "vừa kết nạp", "mới kết nạp", "đã kết nạp", "làm lễ cho", "làm lễ kết nạp", "tổ chức lễ kết nạp", "tổ chức kết nạp", "chưa kết nạp", "xin kết nạp", "làm lễ", "tổ chức lễ",
)  # fmt: skip
"""What a name, even a given name alone, may follow at once."""

SEPARATORS: tuple[str, ...] = ("và", "với", "cùng", "cùng với", "va", "vs", "&", "+", "kèm", "rồi đến", "còn")

_STOPS = """
chi bộ|chi ủy|chi uỷ|đảng ủy|đảng uỷ|đảng bộ|đảng viên|đảng viên dự bị|đảng viên chính thức|vào đảng|vào đảng cộng sản|đảng|đảng cộng sản|đảng cộng sản việt nam|
ban chấp hành|ban thường vụ|bth|btv|bch|thường vụ|cấp ủy|cấp uỷ|ban tổ chức|ban xây dựng đảng|huyện ủy|thành ủy|tỉnh ủy|thị ủy|đảng uỷ xã|đảng ủy xã|đảng ủy phường|
kết nạp|kết nạp vào|kết nạp lại|lễ kết nạp|làm lễ|tổ chức lễ|buổi lễ|tổ chức|long trọng|trang trọng|công bố|trao|trao quyết định|quyết định|qđ|qd|số|ngày|tháng|năm|hôm|lúc|vào|vào lúc|vào ngày|vào hôm|
sáng|chiều|tối|trưa|hôm nay|hôm qua|sáng nay|chiều nay|tối qua|vừa|vừa mới|vừa rồi|vừa qua|vừa xong|mới|mới đây|đã|đang|sẽ|sắp|được|đc|đươc|bị|rồi|r|roi|xong|xong rồi|xong r|
nhé|nha|nhen|nghen|nhá|ạ|ạh|à|ah|ơi|hen|hén|luôn|thôi|vậy|đấy|đó|nè|này|kia|ấy|nhỉ|nhe|z|nhớ|vâng|dạ|dạ vâng|thưa|kính|kính gửi|gửi|kính thưa|kính báo|xin|xin phép|báo cáo|bc|báo|thông báo|em báo|
không|ko|k|kh|khg|hok|chưa|chưa có|chẳng|có|có thể|còn|nữa|thì|mà|nhưng|vì|do|nên|để|khi|nếu|lại|cũng|đều|chỉ|mỗi|từng|các|những|mọi|một|vài|mấy|cả|tất cả|
ở|tại|trong|ngoài|trên|dưới|từ|đến|tới|theo|theo qđ|theo quyết định|thuộc|bởi|về|ra|lên|xuống|qua|sang|đi|đi làm|đi làm xa|đi học|đi rồi|
em|tôi|mình|tớ|chúng tôi|chúng em|bên em|bên tôi|nhà em|đơn vị|đơn vị em|đơn vị tôi|chi bộ em|chi bộ tôi|chi bộ mình|em chào|chào|chào anh|chào chị|chào đồng chí|chào đ/c|em gửi|em xin|gửi anh|gửi chị|anh ơi|chị ơi|anh ạ|chị ạ|các anh|các chị|anh chị|
ad|admin|bot|sếp|anh em|bà con|sinh|sinh năm|sinh ngày|sn|ns|năm sinh|tuổi|dân tộc|dt|giới tính|nam|nữ|nghề|nghề nghiệp|trình độ|quê|quê quán|trú|cư trú|nơi cư trú|nơi ở|
thôn|bản|xóm|khu|tổ|tổ dân phố|tdp|ấp|buôn|khóm|khu phố|khối phố|phường|xã|huyện|tỉnh|thị trấn|trường|mầm non|tiểu học|thcs|thpt|cơ quan|quân sự|công an|trạm y tế|y tế|
quần chúng|quần chúng ưu tú|ưu tú|nguồn|tạo nguồn|vào nguồn|danh sách|danh sách nguồn|ds|đối tượng|cảm tình|cảm tình đảng|đối tượng đảng|lớp|lớp cảm tình|lớp cảm tình đảng|lớp đối tượng|lớp nhận thức|lớp bồi dưỡng|bồi dưỡng|nhận thức|nhận thức về đảng|
học|học xong|học lớp|đi học lớp|hoàn thành|hoàn thành lớp|xong lớp|giấy|giấy chứng nhận|chứng nhận|gcn|giấy cn|cấp|cấp ngày|có giấy|đã học|đăng ký|đăng kí|đơn|đơn xin|đơn xin vào đảng|nộp|nộp đơn|viết đơn|
hồ sơ|hs|lập|lập hồ sơ|làm hồ sơ|mở hồ sơ|hoàn thiện|hoàn thiện hồ sơ|lý lịch|lí lịch|ll|khai|khai lý lịch|kê khai|thẩm tra|thẩm tra lý lịch|xác minh|thẩm định|ý kiến|nhận xét|lấy ý kiến|đoàn thể|tới nay|đến nay|đến giờ|tới giờ|
xét|họp|họp xét|đồng ý|nhất trí|tán thành|biểu quyết|bỏ phiếu|phiếu|thông qua|ra nghị quyết|nghị quyết|nq|đề nghị|trình|xem xét|trả|trả lại|trả về|bị trả|bổ sung|yêu cầu|tạm dừng|tạm hoãn|tạm ngừng|hoãn|dừng|
giúp đỡ|giúp|kèm|kèm cặp|theo dõi|phân công|giao|giao cho|thay|thay thế|thay cho|giới thiệu|giới thiệu thêm|thêm|đưa|đưa vào|đưa ra|ra khỏi|rút|rút tên|rút khỏi|thôi không|không muốn|không thiết tha|xin thôi|xin rút|quá tuổi|hết tuổi|vi phạm|bỏ|loại|gạch tên|xóa tên|xoá tên|khỏi|
chính thức|ct|dự bị|công nhận|chuyển|chuyển chính thức|chuyển đi|chuyển đến|chuyển về|chuyển sinh hoạt|sinh hoạt|sinh hoạt đảng|tiếp nhận|đến|nơi khác|
chỉ tiêu|tiến độ|kết quả|tỷ lệ|phần trăm|đạt|hoàn thành chỉ tiêu|còn thiếu|còn lại|đủ|thiếu|bao nhiêu|mấy|ai|nào|gì|sao|thế nào|như thế nào|khi nào|bao giờ|đâu|ở đâu|đến đâu|bước nào|
phát sinh|trường hợp|trường hợp nào|người|ng|người nào|đồng chí nào|vợ|chồng|vợ chồng|vc|con|bố|mẹ|gia đình|cả hai|hai vợ chồng|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|tư|lăm|
đoàn|đoàn viên|đoàn viên ưu tú|đoàn thanh niên|đoàn tn|đtn|chi đoàn|hội|hội viên|hội phụ nữ|hội nông dân|hội ccb|cựu chiến binh|công đoàn|mặt trận|thanh niên|dân quân|
sửa|sửa lại|sửa thành|nhầm|nhầm rồi|ghi nhầm|sai|đúng|mới đúng|đúng là|lại là|đính chính|hủy|huỷ|xóa|xoá|hoàn tác|vừa gửi|vừa ghi|vừa nhập|cái|bản ghi|mục|
nghỉ|nghỉ việc|mất|ốm|bệnh|lý do|vì lý do|việc|công việc|công tác|làm|làm việc|làm ăn|làm thuê|công ty|xa|miền nam|nước ngoài|hàn quốc|nhật bản|đài loan|bình dương|sài gòn|hà nội|bắc ninh|bắc giang|lấy chồng|
hôm bữa|hôm trước|hôm rồi|tuần trước|tuần rồi|tháng trước|năm ngoái|năm nay|dự kiến|kế hoạch|lịch|chuẩn bị|dự định|mai|ngày mai|tuần sau|tuần tới|tháng sau|
với lại|cho nên|cùng ngày|cùng đợt|đợt|đợt này|lần|lần này|thành công|tốt đẹp|trọng thể|chúc mừng|cảm ơn|cám ơn|ok|oke|nhờ|giùm|giúp em|hộ|hộ em|ghi|ghi nhận|ghi giúp|lưu|cập nhật|nhập|vào sổ|vào sổ giúp|
cccd|cmnd|sdt|sđt|đt|điện thoại|số điện thoại|căn cước|sinh viên|trưởng thôn|bí thư|phó bí thư|bí thư chi bộ|bí thư chi đoàn|chủ tịch|phó chủ tịch|người dân tộc|
lên|họ tên|họ và tên|tên|tên là|gồm|gồm có|là|của|cho|bằng|hơn|khoảng|tổng|tổng số|tổng cộng|cộng|trong đó|cụ thể|như sau|sau|sau đây|trước|trước đây|
ừ|uh|uhm|um|ừm|ờ|oki|okie|uk|khoan|mừng|tin vui|vui|hay|hoặc|từng người|đồng|chí|đồng chí|bạn|quá|rất|thật|nay|giờ|bây giờ|hiện|hiện nay|hiện tại|hiện đang|ngay|liền|
thấp|thấp nhất|cao nhất|nhất|chậm|chậm nhất|nhanh|yếu|kém|trắng|top|xếp hạng|tình hình|giá trị|có giá trị|hiệu lực|hạn|hết hạn|còn hạn|thời hạn|quy định|điều kiện|tiêu chuẩn|liệt kê|thống kê|xem|cho xem|phụ trách|trực thuộc|toàn xã|toàn huyện|toàn đảng bộ|lý do là|nay đã|cụ thể là|gấp|sớm|kịp|nhắc|đôn đốc|hỏi|trả lời|muốn|cần|hỏi|quên|rằm|âm lịch|âm|dương lịch|vẫn|luôn|phấn đấu|tiến hành|thống nhất|triển khai|rà soát|tuyên truyền|nhận|nhận được|gặp|khó|nhiều|ít|hết|toàn|thực hiện|chốt|biết|đấy ạ|đều|cùng|
đứng vào hàng ngũ|hàng ngũ|đội viên|đội sao|sao nhi đồng|đội thiếu niên|ak|tăng hay giảm|hơn hay kém|chung|tình hình chung|xử lý|dữ liệu|thông tin|cá nhân|file|excel|lấy xong|lấy ý kiến|lấy được|lấy giấy|hàng tháng|hàng tuần|hàng năm|hàng quý|hằng tháng|hằng tuần|hằng năm|hằng quý|lễ thì chưa|lễ chưa|lễ vẫn chưa|trân trọng|trân trọng cảm ơn|kính báo|kính chào|hả bot|hả|xin cảm ơn|nhân dịp|kỷ niệm|kỉ niệm|chào mừng|chứ không phải|chứ không|chứ ko phải|phải|ngày giờ|lễ làm|lễ tổ chức|thời gian|địa điểm|tách|chia|chia tách|sáp nhập|sát nhập|hợp nhất|đổi tên|làm hai|làm đôi|của đảng|tuyên thệ|đọc lời thề|tham gia|tham dự|vinh dự|chính thức vào|diễn ra|trưởng bản|công nhân|nông dân|giáo viên|cán bộ|thpt|th|mn|đại học|cao đẳng|trung cấp
"""
STOPS: tuple[str, ...] = tuple(phrase for phrase in _STOPS.replace("\n", "").split("|") if phrase)

ACCENTED_STOPS: tuple[str, ...] = tuple(
    """lễ buổi chứ đổi chia giờ phút đều rằng hoặc nếu vẫn mãi đâu đấy ấy vậy thế thấy biết nghe nói kể hỏi trả giống muộn trễ mưa bão lũ lụt nghỉ tết
    mời dự họp trời hết chờ phần mục giấy ảnh chụp gửi nhắn gọi lớp khoá khóa đợt sân cưới ruộng rẫy nương vợ chồng bố mẹ cháu thiếu thừa nhiều hơn
    kém bớt kèm mỗi mọi từng những các được chưa đã sẽ để với nhưng""".split()
)
"""Words in small letters that no name holds when they are typed with exactly these accents; bare, they may be anything."""
