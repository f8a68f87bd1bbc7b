"""How people of Viet Nam are called, group by group: surnames, what may stand in the middle, and given names.

These words help to see where a name begins and ends, and invented people of the tests are called by them; nothing is
ever concluded from a name. In a part with two words they are joined by `~`, and `-` stands for none; what is met more
often is listed more often.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Naming:
    """The words of which one group's names are made, and how often such a name is drawn for a test."""

    surnames: tuple[str, ...]
    middles: tuple[str, ...]
    givens: tuple[str, ...]
    weight: int


def _words(text: str) -> tuple[str, ...]:
    return tuple("" if word == "-" else word.replace("~", " ") for word in text.split())


_KINH = _words(
    """Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào
    Đoàn Vương Trịnh Trương Đinh Lâm Phùng Mai Tô Hà Tạ Châu Chu Lưu Cao Thái Tống Quách Tăng La Kiều Lương Mạc Từ
    Hứa Đàm Cù Khổng Lại Lã Ninh Nghiêm Thạch Giang Tôn Doãn Đồng Trang Bạch Âu Viên Khúc Ông Lục Diệp Thân Thiều
    Quản Tiêu Triệu Văn Ứng Cung Cáp Đậu Hàn Nhan Nhâm Phí Thẩm Uông Vi Vưu"""
)
_NORTHERN = _words(
    """Nông Hoàng Lý Vi Lương Hứa Bế Ma Triệu Đàm Lục Mã Chu Lã Lô La Lộc Sầm Hà Ngôn Linh Vương Dương Nguyễn Lê
    Hoàng Lăng Phan Tô Trương Mông Lường Thang Liêu Thẩm Phương Quan Ban Ngân Khoàng"""
)
_MENS_MIDDLES = _words(
    """Văn Văn Văn Văn Văn Đức Hữu Quang Minh Xuân Ngọc Công Đình Thanh Quốc Duy Hoàng Tiến Mạnh Anh Trọng Bá Viết
    Hồng Gia Nhật Tuấn Trung Thế Chí Bảo Huy Đăng Thành Phước Tấn Hải Sỹ Khắc Đắc Phú Việt Doãn Như Kim Tự Vĩnh
    Danh Thái"""
)
_WOMENS_MIDDLES = _words(
    """Thị Thị Thị Thị Thị Thị Ngọc Thanh Thu Kim Hồng Bích Thuý Thúy Phương Minh Mỹ Lan Hoài Như Diệu Tuyết Xuân
    Quỳnh Khánh Bảo Hải Mai Cẩm Ánh Diễm Lệ Thảo Hương Ngọc Kiều Tường Vân Tố Trúc Yến"""
)
_MEN = _words(
    """An Anh Bách Bảo Bằng Bình Cảnh Chiến Chính Chung Công Cường Danh Dũng Duy Dương Đại Đạt Đăng Điền Điệp Định
    Đoàn Đông Đồng Đức Giang Giáp Hà Hải Hào Hậu Hiến Hiền Hiển Hiệp Hiếu Hiệu Hoà Hòa Hoan Hoàn Hoàng Hợp Huân
    Huấn Hùng Huy Huỳnh Hưng Hướng Hữu Kha Khải Khang Khánh Khiêm Khoa Khôi Khởi Kiên Kiệt Kỳ Lai Lâm Lân Lập Lễ
    Liêm Long Lộc Lợi Luân Luận Luật Lực Lượng Lương Lưu Mạnh Minh Nam Năm Nghị Nghĩa Nghiêm Ngọc Nguyên Nhân Nhật
    Nhiên Nhuận Ninh Phát Phong Phú Phúc Phương Phước Quan Quang Quân Quốc Quyền Quyết Quyến Sang Sáng Sáu Sinh
    Sơn Sử Tài Tám Tâm Tân Tấn Thái Thanh Thành Thao Thạch Thắng Thăng Thế Thi Thiên Thiện Thiệu Thịnh Thọ Thông
    Thời Thụ Thuận Thuật Thức Thực Tiên Tiến Tiệp Tình Tính Tín Toàn Toản Toán Tráng Trí Triết Triệu Trọng Trung
    Trường Tú Tuân Tuấn Tùng Tuyên Tư Tường Văn Viên Viễn Viện Việt Vinh Vĩnh Vịnh Vũ Vương Vượng Xuân Yên Út Bảy
    Ba Hai Hưởng Khương Quảng Đán Thuyết Thưởng Đảng Tháng Báo Cáo Kết Nạp Tới Được Mới Thứ Tự Hội Tiếp Tuất Sửu
    Thìn Tỵ Tý Ngọ Mùi Thân Dậu Hợi"""
)
_WOMEN = _words(
    """An Anh Ánh Bích Bình Cẩm Châm Chi Chinh Chung Cúc Diễm Diệp Diệu Dịu Dung Duyên Đào Điệp Gấm Giang Hà Hải Hạnh
    Hằng Hân Hậu Hiên Hiền Hiếu Hoa Hoà Hòa Hoài Hoàn Hồng Huế Huệ Huyền Hương Hường Khánh Khuyên Kim Lan Lành Lệ
    Liên Liễu Linh Loan Lộc Luyến Lụa Lương Ly Lý Mai Mận May Mây Mến Miền Minh Mơ Mùa Mừng My Mỹ Na Nga Ngà Ngân
    Ngoan Ngọc Nguyên Nguyệt Nhài Nhàn Nhạn Nhâm Nhi Nhiên Nhinh Nho Như Nhung Nhuần Ninh Nương Oanh Phấn Phúc
    Phượng Phương Quế Quy Quyên Quỳnh Sáu Sen Sinh Sương Tâm Thắm Thanh Thảo Thắng Thêm Thi Thìn Thịnh Thoa Thơ
    Thơm Thu Thuận Thục Thủy Thuỷ Thúy Thuý Thùy Thư Thương Thường Thưởng Tiên Tình Tĩnh Trà Trang Trâm Trinh Trúc
    Tú Tuyền Tuyết Tươi Tươm Út Uyên Vân Vi Viên Vinh Vui Vượng Xuân Xuyến Xuyên Yên Yến Ý Hợi Lựu Bưởi Hai Ba Bốn
    Năm Sáu Bảy Tám Chín Mười Chuyên Chiến Nụ Nhị Lượt Lụa Thoan Thuần Thiết Lanh Luận Đông Gái Bé Giỏi Cần Quý
    Đoan Nết Hảo"""
)

PEOPLES: dict[str, Naming] = {
    "Kinh, men": Naming(
        _KINH,
        _MENS_MIDDLES,
        _MEN,
        16,
    ),
    "Kinh, women": Naming(
        _KINH,
        _WOMENS_MIDDLES,
        _WOMEN,
        16,
    ),
    "Tày, Nùng, Sán Chay, Sán Dìu, Giáy, men": Naming(
        _NORTHERN,
        _MENS_MIDDLES,
        _MEN,
        4,
    ),
    "Tày, Nùng, Sán Chay, Sán Dìu, Giáy, women": Naming(
        _NORTHERN,
        _WOMENS_MIDDLES,
        _WOMEN,
        4,
    ),
    "Mường, Thổ": Naming(
        _words("""Bùi Đinh Quách Bạch Hà Phạm Trương Cao Nguyễn Lê Bùi Bùi Hoàng Xa Phùng Lường Sùng"""),
        _words("""Văn Văn Thị Thị Hồng Xuân Minh Thanh"""),
        _MEN + _WOMEN,
        3,
    ),
    "H'Mông": Naming(
        _words(
            """Giàng Vàng Sùng Thào Lý Lầu Hạng Mùa Cứ Vừ Chá Ly Tráng Sình Hầu Ma Thò Già Và Cháng Lừ Xồng Vư Hờ
            Phàng Chang Giống Dình Mua Tếnh Thàng Cư Hảng Lù Sồng Hoàng"""
        ),
        _words("""A A A A Thị Thị Mí Seo Chá Bá Páo Chứ Vả Y Mai Thị Nhìa Dũng Xuân Sái Giống Sóng"""),
        _words(
            """Dính Páo Chứ Súa Dơ Sùng Pó Vảng Lử Sáu Tủa Dế Phử Cở Chù Nủ Mỷ Mai Xà Sính Dợ Chu Lềnh Sử Thề Dia
            Súng Pao Khày Nhè Tếnh Giàng Lồng Mo Sò Chỉnh Nếnh Nênh Sang Hồ Dê Pà Kỷ Sía Nhè Máy Xia Xìa Vừ Chua
            Sang Mỵ Dua Xi Phềnh Pủa Đớ Thái Dơ Vềnh Chư Say Lù Vư Cáng Lầu Pháng Lờ Dạ Chống Dùa Gấu Tráng Câu
            Già Giả Thào Thà Tông Lìa Ly Dũng Sông Là Lứ Nhé Hừ Dình Sáng Của Sài Khua Chả Ninh Sủa"""
        ),
        9,
    ),
    "Dao": Naming(
        _words("""Bàn Phàn Tẩn Chảo Đặng Triệu Lý Phùng Lò Dương Tằng Chíu Chìu Trưởng Voòng"""),
        _words(
            """Mùi Láo Phủ Tả Sành Kiềm Vần Chòi Dào Tòn Thị Thị Văn Văn Hữu Y Ông Quầy Xành Mẩy Ton Chẳn Sài Phụng
            Trà Tiến Đức Kim Tài Nho Phúc Sinh Tòng Quẩy Cù U Duần A Mìn"""
        ),
        _words(
            """Mẩy San Lở Pham Lụa Hoa Mùi Phú Tài Tiến Nải Phin Phẩy Xoang Chiêu Chòi Vạng Nhàn Lai Cosa Vần Quyên
            Hương Coi Sử Sơn Phấy Sểnh Chìu Phâu Chài Lưu Phạm Sính Pao Quáng Tá Sinh Chẳn Thanh Hín Vảng Dất Khé
            Mềnh Seng Nhậy Minh Hòn Lằn Viện Quý Hiện Hằng Tâm Hồ Dìn Tòng Quấy"""
        ),
        5,
    ),
    "Thái, Lào, Lự, Kháng, Xinh Mun, La Ha": Naming(
        _words(
            """Lò Quàng Cà Tòng Lường Hoàng Vì Cầm Bạc Đèo Điêu Mè Ngần Sa Lù Lo Lang Vi Lương Lô Kha Ngân Hà Lữ Lộc
            Mạc Cháng Tao Bế Sầm Lim Lèng Khà Quang Ca Hà Cút Lềm"""
        ),
        _words("""Văn Văn Thị Thị Minh Xuân Thị~Thu Văn~Đức"""),
        _words(
            """Pâng Ún Xôm Hặc Thuận Pản Inh Ẹt Ánh Bun Bó Pha Chum Thận Ngoan Hịa Thoan Phin Xuân Phương Hôm Hom
            Pánh Tỉnh Chiêu Xiên Tưởng Dung Thân Thưởng Hiêng Thương Phanh Piến Ngọc Un Ỏn Sương Thong Pưn Panh
            Yêu Biên Định Hính Ín Pâu Doan Chưng Cường Ới Nọi La Lả Quý Muôn Pọm Tóm Mẳn Chom Dính Phong Inh Ban
            Hoan Hợp Hậu Chựa Toản Đôi"""
        ),
        7,
    ),
    "Ê Đê, M'Nông, men": Naming(
        _words("""Y"""),
        _words(
            """Thoan Tuân Bhiu Đơk Wem Ngân Blim Rit Bhem Hoan Jǔ Krông Dhăm Săm Luyện Thịnh Djuăn Sa Dlak Mreng Pôl
            Duẩn Kuôp Lưn Phôn Thin Jên Blơ Phlăng Nuê Suôn Bel Brôl Hluăt Khum Dăk Lê Nhuôr Ngơi Minh Hiăp Tam
            Siêng Quang Điêm Blec Đăng"""
        ),
        _words(
            """Niê Mlô Êban Kbuôr Byă Ayŭn Ênuôl Hđơk Bkrông Ktla Knul Kpơr Adrơng Niê Kđăm Hmok Hwing Ksơr Mdrang
            Kriêng Kbuôr Êñuôl Ayun Buôn Krông Ktul Bdap"""
        ),
        4,
    ),
    "Ê Đê, M'Nông, women": Naming(
        _words(
            """H'Ruê H'Blim H'Nguyên H'Măng H'Lan H'Yêm H'Nga H'Juel H'Duyên H'Bích H'Chi H'Wi H'Win H'Nhung H'Loan
            H'Bưi H'Djuên H'Jên H'Lim H'Hoa H'Nuôl H'Ruih H'Săn H'Thuyên H'Ngọc H'Mai H'Đuyn H'Uyên H'Linh H'Brê
            H'Nhi H'Blok H'Nương H'Rin"""
        ),
        (),
        _words(
            """Niê Mlô Êban Kbuôr Byă Ayŭn Ênuôl Hđơk Bkrông Ktla Knul Kpơr Adrơng Niê Kđăm Hmok Hwing Ksơr Mdrang
            Kriêng Kbuôr Êñuôl Ayun Buôn Krông Ktul Bdap"""
        ),
        3,
    ),
    "Gia Rai": Naming(
        _words(
            """Rơ~Châm Rơ~Mah Rmah Ksor Siu Kpă Nay Rahlan Kpuih Puih Rơ~Lan Rơ~Ô Rcom Hiao Ksor Ralan Rơ~Com Kpa
            Ayun Alê Nay"""
        ),
        _words("""H' H' Y - - -"""),
        _words(
            """Nga Blok Bep Kuin Win Thúy Ben Pôl Đê Hyơk Ngơi Tuyên Chuẩn Khuê Bông Brơi Nhat Prin Hlơr Thưn Phiu
            Blưt Dung Yan Lít Hmrik Hương Tel Tin Kiêng Sen Jơn Lik Y Anh Mlah Duen Huynh"""
        ),
        6,
    ),
    "Ba Na, Xơ Đăng, Giẻ Triêng, Rơ Măm, Brâu": Naming(
        _words("""A A A Y Y Y Đinh Thao Blong Kring"""),
        _words("""- - - Thị Văn"""),
        _words(
            """Thút Blưn Dưn Glip Byur Chơ Ren Nhót Thinh Phiên Pler Bluih Yưm Đrưn Khuyn Thu Hmrek Plênh Hlạnh Kiên
            Bôn Hyưn Nguyễn Tuyn Vơn Deng Reo Huy Djêng Jring Lom Tâm Kông Blôi Nhuin Dũng Đinh Thao Xô Ly Kham
            Wel Phlưm Chung Nghĩa Blui Brol Khưm Nuih Hơnh Kôn"""
        ),
        6,
    ),
    "Cơ Tu, Tà Ôi": Naming(
        _words(
            """Arất Alăng Bling Zơrâm Bhnướch Bhling Pơloong Coor Riáh A~Ting Ating Bríu Hốih Ríah Avô Arâl Clâu Zrâm
            Bhơriu Bnướch Tơngôl Rapát Alăng Pơloong Hiên Blúp A~Rất Ta~Rương Cơlâu Briu Kring Zơ~Râm"""
        ),
        _words("""Thị Thị Văn - - -"""),
        _words(
            """Blưn Nhiên Bách Tía Bôn Thị~Plênh Bảy Nhuận Ngút Bhuông Nghĩa Plong Bích Hoa Thảo Ngưn Pố Vân Thương
            Đhơm Thắm Nam Nhất Đâu Mới Nâng Tuyết Dương Nhưng Bhlơi Zêêng Zút Hơn Pênh Hương Liêm Ngước Thanh Bưi
            Ly Thái Chúc Trâm Nụ"""
        ),
        5,
    ),
    "Raglai": Naming(
        _words(
            """Chamaléa Pi~Năng Pinăng Ka~Tơr Katơr Cao Mấu Tà~In Bo~Bo Mang Patâu~Axá Tro Chamalé Ka~Dá Pupur Taing
            Cao~Pi~Năng Đá~Mài Hà Máu"""
        ),
        _words("""Thị Thị Thị~Kim Văn - -"""),
        _words(
            """Mến Yến Ngăn Thị Hùng Thiêm Khánh Dũng Nhuân Hiền Chớ Đoan Thiêng Xuân Tuyền Đức Tâm Thương Lang Chinh
            Sửu Liên Hậu Duy Bông Hương Gái Mỹ Thảo Rớp Thập"""
        )
        + _WOMEN,
        3,
    ),
    "Cơ Ho, Mạ, Chu Ru": Naming(
        _words(
            """Kơ~Să Cil Lơ~Mu Liêng Bon Kră~Jăn Kra~Jăn Rơ~Ông Cil~Múp Cil~Yũ Liêng~Hot Đa~Cát Păng~Ting Dà~Cát
            Bon~Krong Lơ~Mu Bon~Niêng Kon~Sa Kơ~Să Ndu Liêng~Jrang Klong Cơ~Liêng Ya Ma Jơ~Ngui Tou~Prong Bờ~Nah
            Ju Touneh Banahria Tou~Neh Rơ~Yam"""
        ),
        _words("""Ha K' Ka Thị - - -"""),
        _words(
            """Duynh Breo Chương Lên Brôl Nhàn Duyên Điệp Wil Sim Đôn Nụng Tem Ben Brĕ Hương Siêng Dện Thuyên Lộc
            Tuấn Ngà Giỏi Sách Krờn Đin Diệp Thơm Dung Khoa Mbrin Plin Tham Sương Lơng Juel Nhiên Biên Ất"""
        ),
        3,
    ),
    "Cơ Ho, Mạ, by one word": Naming(
        _words("""K' K' Ka Ha Ya Ma"""),
        (),
        _words(
            """Duynh Breo Chương Lên Brôl Nhàn Duyên Điệp Wil Sim Đôn Nụng Tem Ben Brĕ Hương Siêng Dện Thuyên Lộc
            Tuấn Ngà Giỏi Sách Krờn Đin Diệp Thơm Dung Khoa Mbrin Plin Tham Sương Lơng Juel Nhiên Biên Ất"""
        ),
        2,
    ),
    "Khmer": Naming(
        _words(
            """Thạch Thạch Sơn Danh Kim Lâm Châu Chau Néang Tăng Kiên Lý Trà Liêu Thị Neang Sơn Trương Huỳnh Đào Lai"""
        ),
        _words(
            """- Thị Thị Sóc Sa Phi Sô Văn Minh Hoàng Rích So Chành Kim Ngọc Thanh Pho Thươn Ra Đa Ươl Rây Mi Hoài Na"""
        ),
        _words(
            """Phia Rinh Kha Som Rết Kunh Ry Phol Út Khom Rithy Thươl Phết Rươl Sương Phương Hoa Pha Sarết Ngọc Thi
            Phước Sal Dara Hol Khanh Pliêng Huôl Sang Mết Pích Đa Thu Khol Ranh Sóc Sươl Phát Pol Thol Riêng Bone
            Nary Chanh Vuthy Rích Tha Bôl Chenda Duông"""
        ),
        6,
    ),
    "Chăm": Naming(
        _words(
            """Thành Bá Hán Lưu Đàng Quảng Từ Ngư Châu Bạch Não Thiên Thập Báo Mah Ysa Hàm Qua Lộ Miêu Dụng Sử Trượng
            Kiều Đạt Tài Nại Lâm Tưởng Phú Vạn Não Thuận Quảng"""
        ),
        _words("""Văn Thị Ngọc Thanh Đại Năng Xuân Trung Minh Kim Thế Thị Văn Quốc Mỹ Công Đình Thị~Kim Thị~Mỹ"""),
        _MEN + _WOMEN,
        3,
    ),
    "Hoa, Ngái": Naming(
        _words(
            """Voòng Lý Trần Chìu Tằng Phún Ngô Diệp Tô Huỳnh Lâm Lương Trương Quách Châu Vương Phù Hứa Thái Lưu Mã
            Sú Lày Chắng Chung Ưng Hà Lại Từ Ôn Dịp Voòng Vòng Sằn Tsằn Hỷ Lìu"""
        ),
        _words("""A Sủi Vĩnh Chí Mỹ Tuyết Gia Quốc Cẩm Thúy Nhục Sau Cún Chăn Bội Lập Kiến Hán Lệ Tú Phát Mùi Sập"""),
        _words(
            """Sáng Pẩu Phúc Cường Mùi Lìn Phát Quay Múi Sáy Sình Hùng Kíu Hoa Vinh Bình Vân Linh Sang Long Cú Sần
            Phí Dũng Kiệt Thành Tài Thoòng Văn Lầm Hội Minh Quyền Mai Lan Chánh Sồi Dảu Quý Phong Chí Din Sầu"""
        ),
        3,
    ),
    "Hà Nhì, Phù Lá, Cờ Lao, Pu Péo, Bố Y, Pà Thẻn, Lô Lô, La Chí, Si La, Cống, Mảng, Khơ Mú, Ơ Đu, Chứt": Naming(
        _words(
            """Pờ Chu Sùng Lò Vù Khoàng Chang Phùng Toán Mạ Giàng Ly Lỳ Kỳ Vàng Hù Pàn Phà Lùng Gìn Thào Min Cáo Vần
            Sáng Hồ Củng Tráng Phù Dỉ Lồ Ngũ Phan La Dương Lỏa Tải Sình Hùng Làn Ván Lý Phàn Ỏn Mạ Chi Lang Vương
            Tận Xin Chảo Quàng Nạ Tào Chìn Lù Vi Tao Chẻo Moong Cụt Lữ Kha Rvai Chích Ven Ốc Xeo Lo Cao Thao Lìm
            Sìn Xìn Sần Thèn Lềm Thàng Chẩu Lèng Nùng Hoàng Hảng Cháng Cồ Lừu Mùng Tẩn Điêu"""
        ),
        _words(
            """Lóng Xa Go Hừ Xá Chà Cố Phì Gió Hà Phà Phủ Mìn Sừng Văn Văn Thị Thị Thị Láo Seo Chí Cà Ha Dì Xì Quốc
            Thu Mí Khai Mỹ Sín Trung Kín Đức A Cà Go Ché - -"""
        ),
        _words(
            """Tư Pu Dế Xe Hoa Chà Mé Phạ De Thèn Sủn Sửu Páo Tinh Lìn Chẩn Mỷ Phin Sín Tá Chấn Hồ Minh Chúng Mẩy
            Khai Hai Loòng Chô Phúc Kín Mé Nụ Lừ Sèng Lòng Be Xó Hồng Pồ Xè Ché Mụ Mại Phử Dé Thẩn Châu Dơ Phóng
            Cu Pha Nhù Ly Sơn Hiền Lai Phâng Hợi Ca Nội Hặc Thoong Ón Hòn Xuyến Hương Huyền Mẫn Kim Hằng Tâm"""
        ),
        6,
    ),
    "Bru - Vân Kiều, Tà Ôi, Hrê, Co": Naming(
        _words("""Hồ Hồ Hồ A~Viết A~Kiêng Kăn Kê Ku Lê Blúp Pả A~Moong Cu A~Rất Ra~Pát"""),
        _words("""Văn Thị Kăn A Thị Kăn Ngọc Xuân Quang Minh Trung"""),
        _words(
            """Sươn Nhi Pắc Dưm Bên Thuần Nhăm Xiêng Pỉ Puốc Ai Hoa Nang Thoa Viên Tho Mới Ta Pling Nghêng Dung Thơn
            Xa Ngước Pơng Vai Lếc Ươi Nam Bông Thiết Viết Thanh Phơi Đâm Hiếu"""
        ),
        3,
    ),
    "Stiêng, M'Nông, Chơ Ro": Naming(
        _words("""Điểu Điểu Thị Thổ Đào Lâm Hoàng Bing Triêk Kpa"""),
        _words("""Thị - - Văn"""),
        _words(
            """Bách Nụ Ích Khuê Sơn Hồng Thanh Lên Đố Bơ Khiêm Kré Gla Nhép Xuân K'Rang Hà Mrưng Dực Thương Rớt Huỳnh
            Pling Brế Giá Hiền Tâm Lôi Krơi Đul Xiêm Phan Mai Thơ"""
        ),
        2,
    ),
}
