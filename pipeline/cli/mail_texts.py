"""The sentences of the group `mail`."""

MAIL_SHORT = "Hộp thư của cơ quan (không bắt buộc)."
MAIL_HELP = """
Hộp thư của cơ quan: lấy thư các đơn vị gửi, soạn và gửi thư cho các đơn vị. Không bắt buộc: không có hộp thư
thì mọi lệnh khác vẫn dùng như thường.

Không ghi lệnh con nào thì chạy mail status.
"""
FETCH_SHORT = "Lấy thư mới về inbox."
FETCH_HELP = """
Lấy thư mới từ hộp thư về inbox, nguyên vẹn, kèm giờ máy chủ nhận. Thư của người lạ và thư không có tệp đính
kèm được để riêng trong inbox-la. Không thay đổi gì trên máy chủ.
"""
SEND_SHORT = "Soạn các thư đến hạn; gửi khi có --send."
SEND_HELP = """
Soạn các thư đến hạn thành tệp trong outbox, thư mục thu của kỳ: mẫu phiếu, xác nhận đã nhận, phản hồi, nhắc
nộp, danh sách đơn vị chậm, bảng tổng hợp. Chỉ gửi đi khi có --send.

Mỗi thư chỉ gửi một lần. Không có máy chủ thư thì mở tệp .eml để gửi, hoặc chép lời trong tệp .txt.
"""
STATUS_SHORT = "Cho biết thư nào đã gửi, thư nào đang chờ."
STATUS_HELP = "Cho biết thư nào đã gửi, chưa gửi, không rõ đã gửi; thư nào để riêng chờ cán bộ quyết định."
ADMIT_SHORT = "Nhận thư đã để riêng."
ADMIT_HELP = (
    "Chuyển thư đã để riêng (trong inbox-la) vào inbox để được tổng hợp. Ghi tên tệp, hoặc phần đầu của tên."
)
PASSWORD_SHORT = "Cất mật khẩu vào kho của hệ thống."
PASSWORD_HELP = """
Hỏi mật khẩu của hộp thư và cất vào kho mật khẩu của hệ thống (trên Windows là Credential Manager). Cần gói
keyring; không có thì đặt mật khẩu vào biến môi trường.
"""

SEND_OPTION = "Gửi các thư đã soạn qua máy chủ thư."
RESEND_OPTION = "Gửi lại cả những thư không rõ đã gửi hay chưa (dùng cùng --send)."
DONE_OPTION = "Ghi nhận cán bộ đã tự gửi các thư đã soạn."
KIND_OPTION = "Chỉ soạn loại thư này, dù chưa đến ngày; ghi được nhiều lần. Các loại: {kinds}."
KIND = "LOẠI"
NOT_A_KIND = "«{value}» không phải là một loại thư; các loại: {kinds}."
RESEND_NEEDS_SEND = "--resend dùng cùng --send."
SEND_OR_DONE = "Chỉ dùng một trong hai: --send hoặc --done."
ASK_PASSWORD = "Mật khẩu của {user} tại {host}"
PASSWORD_KEPT = "Đã cất mật khẩu của {user} tại {host} vào kho của hệ thống."

RECEIVED, FROM, SUBJECT, FILE, TO, STATE = "Nhận lúc", "Người gửi", "Tiêu đề", "Tệp", "Gửi đến", "Tình trạng"
LETTER_FILE = "Thư"
TAKEN = "Đã lấy {count} thư vào inbox:"
STRANGERS = "Để riêng {count} thư của người không có trong danh bạ:"
BARE = "Để riêng {count} thư không có tệp đính kèm:"
ECHO = "Để riêng {count} thư do máy tự trả lời, hoặc chỉ gửi trả tệp của xã mà chưa sửa gì:"
TOO_LARGE = "Để lại trên máy chủ {count} thư quá lớn (xem message_mb trong hop-thu.toml):"
SIZE = "Dung lượng"
MEGABYTES = "{size} MB"
NOTHING_NEW = "Không có thư mới."
THEN_RUN = "Tổng hợp: {command}"
ADMIT_HINT = (
    "Nhận thư để riêng: {command} mail admit TÊN_TỆP. Muốn lần sau nhận ngay, ghi địa chỉ vào danh-ba.toml."
)
SPOOFED = "Lưu ý, người gửi ghi trong thư khác tên miền với người gửi mà máy chủ ghi nhận: {mails}"
SPOOFED_ITEM = "{sender} ({envelope})"
ADMITTED = "Đã chuyển vào inbox: {file}"
TROUBLE = "Dừng giữa chừng: {trouble}"

LETTERS = "{count} thư đến hạn, trong đó {written} thư vừa soạn:"
NO_LETTERS = "Không có thư nào đến hạn."
NO_ADDRESS = "chưa có địa chỉ trong danh-ba.toml"
WITH_DETAIL = "{state}: {detail}"
STATES = {
    "ready": "chưa gửi",
    "unknown": "không rõ đã gửi",
    "sent": "đã gửi",
    "refused": "máy chủ từ chối",
    "by_hand": "đã gửi bằng tay",
    "held": "giữ lại",
}
UNKNOWN_HINT = (
    "Thư «không rõ đã gửi»: hỏi đơn vị đã nhận chưa; chưa thì {command} mail send --send --resend, "
    "rồi thì {command} mail send --done."
)
HELD_HINT = (
    "Thư «giữ lại»: đơn vị gửi quá nhiều tệp trong một ngày (xem answers_a_day trong hop-thu.toml). Hỏi đơn "
    "vị có gửi thật không; có thì {command} mail send --send --kind da-nhan --kind phan-hoi."
)
HAND_HINT = (
    "Gửi: {command} mail send --send. Tự gửi: mở tệp .eml hoặc chép tệp .txt, xong thì mail send --done."
)
STATUS_TAKEN = "Thư đã lấy vào inbox từ trước đến nay: {count}."
