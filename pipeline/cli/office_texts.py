"""Every sentence of the commands by which the officer decides, issues, looks back and repairs."""

FILE_META, UNIT_META, ROW_META, RULE_META, DAY_META = "TỆP", "ĐƠN_VỊ", "DÒNG", "QUY_TẮC", "NGÀY"
REASON_META, NUMBER_META = "LÝ_DO", "SỐ"

REASON_HELP = "Lý do, được in trong bảng tổng hợp. Bắt buộc."
KEPT_FILE_HELP = "Tên tệp như trong bảng tổng hợp, hoặc các ký tự đầu của mã sha256."
UNIT_HELP = "Mã đơn vị trong kế hoạch, ví dụ VHXH."
ROW_HELP = "Mã dòng, ví dụ V.20."
ONE_ROW_HELP = "Chỉ cho dòng này, ví dụ V.20. Mặc định: mọi dòng của phiếu."
RULE_HELP = "Mã quy tắc như trong bảng tổng hợp, ví dụ R04, S02, QH1."
UNTIL_HELP = "Ngày cuối cùng còn đúng hạn, ví dụ 2026-11-23."
NUMBER_HELP = "Số của quyết định."
AS_OF_HELP = "Thời điểm muốn xem lại, ví dụ 2026-11-20T08:00 (giờ Việt Nam). Bắt buộc."

ISSUE_SHORT = "Phát hành bảng tổng hợp của kỳ."
ISSUE_HELP = """
Phát hành bảng tổng hợp của kỳ thành bản có số (r1, r2...), lưu cùng kế hoạch đã dùng.

Sau đó phiếu mới của kỳ ấy được giữ lại chờ quyết định (lệnh admit), không tự thay số đã phát hành.
"""
REPLAY_SHORT = "Xem lại bảng tổng hợp ở một thời điểm."
REPLAY_HELP = """
Ghi lại bảng tổng hợp của kỳ đúng như ở một thời điểm đã qua, chỉ từ sổ theo dõi, để cạnh các bảng khác của kỳ
trong outbox, tên có ngày giờ ấy. Không thay đổi gì khác.
"""
ASSIGN_SHORT = "Xác định tệp không rõ là của ai."
ASSIGN_HELP = "Ghi nhận một tệp không nhận dạng được cho một đơn vị và một kỳ, rồi kiểm tra lại tệp."
WITHDRAW_SHORT = "Không tính một tệp."
WITHDRAW_HELP = "Không tính một tệp đã nhận (gửi nhầm). Bản gốc vẫn được giữ; dùng revoke để tính lại."
ADMIT_SHORT = "Cho nhận tệp của kỳ đã phát hành."
ADMIT_HELP = "Cho nhận một tệp đang chờ quyết định vì kỳ của nó đã phát hành; bảng tổng hợp trở lại bản tạm."
ACCEPT_SHORT = "Nhận nguyên một dòng bị giữ lại."
ACCEPT_HELP = (
    "Nhận một dòng trái quy tắc đúng như đơn vị đã gửi. Dòng có ô không đọc được thì không nhận được."
)
EXTEND_SHORT = "Gia hạn nộp cho một đơn vị."
EXTEND_HELP = "Gia hạn nộp phiếu của kỳ cho một đơn vị đến hết một ngày."
WAIVE_SHORT = "Không áp dụng một quy tắc."
WAIVE_HELP = "Không áp dụng một quy tắc cho phiếu của một đơn vị trong kỳ, rồi kiểm tra lại phiếu."
REVOKE_SHORT = "Hủy một quyết định."
REVOKE_HELP = "Hủy một quyết định theo số của nó, rồi kiểm tra lại các tệp liên quan."
DECISIONS_SHORT = "Liệt kê các quyết định."
DECISIONS_HELP = "Liệt kê các quyết định đã ghi, kèm ngày, lý do và hiệu lực."
TRIAL_SHORT = "Chạy thử quy tắc mới."
TRIAL_HELP = """
Cho biết các quy tắc chạy thử (shadow = true trong mẫu phiếu) lẽ ra đã báo gì trên các phiếu đã nhận trong
năm. Không ghi gì vào sổ.
"""
REBUILD_SHORT = "Lập lại sổ theo dõi từ nhật ký."
REBUILD_HELP = """
Lập lại sổ theo dõi (ledger.sqlite) từ nhật ký so-theo-doi.jsonl trong archive, và cho biết bản gốc nào thiếu.
Sổ cũ được giữ lại dưới tên khác.
"""

NOT_A_DAY = "«{value}» không phải là ngày; hãy viết như 2026-11-23."
NOT_A_NUMBER = "«{value}» không phải là số của quyết định."

DECIDED = "Quyết định số {number}: {said}. Lý do: {reason}"
REJUDGED = "Đã kiểm tra lại {count} tệp:"
NOTHING_CHANGES = "Không tệp nào đổi kết quả."
DRAFTS = "Bảng tổng hợp đã ghi lại:"
ISSUED = "Đã phát hành {period}, bản số {number}: {path}"
STILL_IN_INBOX = "Lưu ý: trong inbox còn {count} tệp chưa nhận, không có trong bản này."
STILL_EXTENDED = "Lưu ý: đang còn gia hạn nộp cho {units}; phiếu đến sau bản này chờ quyết định (lệnh admit)."
EXTENDED_UNIT = "{unit} (đến hết ngày {day})"
ALREADY_ISSUED = (
    "Lưu ý: kỳ {period} đã có bản phát hành số {number}; phiếu gửi trong thời gian gia hạn chờ quyết định "
    "(lệnh admit)."
)
REPLAYED = "Đã ghi bảng tổng hợp như lúc {moment}: {path}"
REBUILT = "Đã lập lại sổ theo dõi: {events} sự kiện."
MISSING = "Bản gốc thiếu hoặc đã đổi ({count}), hãy lấy lại từ bản sao lưu:"
ALL_THERE = "Mọi bản gốc còn nguyên."
UNKNOWN = "Tệp trong archive mà sổ không ghi ({count}); nếu là phiếu, hãy đặt lại vào inbox:"
NO_DECISIONS = "Chưa có quyết định nào."
NUMBER, DAY, WHAT, REASON, STANDING = "Số", "Lúc", "Nội dung", "Lý do", "Hiệu lực"
TRIAL_SILENT = "Các quy tắc chạy thử không báo gì trên các phiếu đã nhận."

DOCTOR_SHORT = "Xem máy và thư mục làm việc có gì thiếu hay lạ."
DOCTOR_HELP = """
Xem máy và thư mục làm việc có gì thiếu hay lạ: thư viện, quyền ghi, kế hoạch, danh bạ, hộp thư, đồng hồ, ngày
nghỉ, sổ theo dõi, bản gốc. Mỗi dòng là tốt, lưu ý hoặc hỏng, kèm việc cần làm. Không nhận, không sửa, không
gửi gì.

Mã kết thúc là 2 khi có dòng «hỏng», 0 khi không có.
"""
CONNECT_HELP = "Đăng nhập thử vào máy chủ thư; không có thì chỉ xem thiết lập."
