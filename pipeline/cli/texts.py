"""Every sentence of the command line that is not the label of a status."""

VERSION = "0.1.0"
PROGRAM = "python run_monthly.py"
VERSION_LINE = "Tổng hợp báo cáo tháng, phiên bản %(version)s"

# --- help pages -----------------------------------------------------------------------------------

USAGE = "Cách dùng: "
HEADINGS = {"Options": "Tùy chọn", "Commands": "Lệnh", "Positional arguments": "Đối số"}
OPTIONS_METAVAR = "[TÙY CHỌN]"
COMMANDS_METAVAR = "[LỆNH] [ĐỐI SỐ]..."
FOLDER, FILE, FILES, PERIOD, MOMENT, SECONDS = "THƯ_MỤC", "TỆP", "TỆP...", "KỲ", "THỜI_ĐIỂM", "SỐ_GIÂY"

PROGRAM_HELP = """
Tổng hợp phiếu báo cáo hằng tháng của các đơn vị theo Kế hoạch năm.

Không ghi lệnh nào thì chạy lệnh run. Tùy chọn đặt trước hay sau tên lệnh đều được; ghi hai lần thì lần
sau có hiệu lực.
"""
PROGRAM_EPILOG = "Xem kỹ một lệnh: python run_monthly.py LỆNH --help"

RUN_SHORT = "Tổng hợp kỳ báo cáo (lệnh mặc định)."
RUN_HELP = """
Tổng hợp kỳ báo cáo: đọc các tệp trong inbox, kiểm tra, lưu bản gốc vào archive và ghi bảng tổng hợp vào
outbox.

Tệp sai không làm dừng các tệp khác; mỗi lỗi được ghi kèm vị trí và cách sửa.
"""
TEMPLATES_SHORT = "Phát hành mẫu phiếu cho từng đơn vị."
TEMPLATES_HELP = "Phát hành mẫu phiếu của kỳ báo cáo cho từng đơn vị, ghi vào thư mục mau trong outbox."
CHECK_SHORT = "Kiểm tra tệp, không thay đổi gì."
CHECK_HELP = """
Kiểm tra các tệp phiếu báo cáo và chỉ ra lỗi; không nhận, không lưu, không thay đổi gì.

Mã kết thúc là 1 khi có tệp bị lỗi, 0 khi không có.
"""
STATUS_SHORT = "Cho biết đơn vị nào đã nộp."
STATUS_HELP = "Cho biết đơn vị nào đã nộp, đúng hạn hay trễ hạn, và kết quả kiểm tra."
REPORT_SHORT = "Lập báo cáo tháng bằng Word."
REPORT_HELP = """
Lập báo cáo của kỳ theo thể thức văn bản hành chính, từ cùng số liệu với bảng tổng hợp, ghi vào outbox.

Số, ngày và các chỗ ghi (…) để trống cho người lập. Báo cáo đã sửa trong Word không bị ghi đè: bản mới mang
tên khác.
"""
DEMO_SHORT = "Tạo một thư mục minh họa để xem thử."
DEMO_HELP = """
Tạo một thư mục minh họa: phát hành mẫu, điền như các đơn vị thường điền (có cả lỗi thường gặp) và tổng hợp
bốn kỳ báo cáo. Mọi số liệu trong đó chỉ để minh họa.
"""
SCHEDULE_SHORT = "Chạy thường trực, tự tổng hợp."
SCHEDULE_HELP = (
    "Chạy thường trực: cứ sau mỗi nhịp lại xem có việc phải làm không và tự làm. Nhấn Ctrl+C để dừng."
)

WORKSPACE_HELP = "Thư mục chứa inbox, outbox và archive. Mặc định: thư mục của run_monthly.py."
PERIOD_HELP = (
    "Kỳ báo cáo, ví dụ 2026-11. Mặc định: kỳ gần nhất đã chốt số liệu; với templates: kỳ đang mở để nộp."
)
PLAN_HELP = "Tệp kế hoạch (.toml). Mặc định: kế hoạch của năm báo cáo trong thư mục schemas."
NOW_HELP = "Coi như đang ở thời điểm này, ví dụ 2026-11-24T08:00 (giờ Việt Nam). Mặc định: đồng hồ của máy."
JSON_HELP = "In kết quả dạng JSON (chỉ với status và check)."
PDF_HELP = "Ghi thêm bản PDF, nếu máy có LibreOffice (chỉ với report)."
VERSION_HELP = "In phiên bản rồi thoát."
HELP_HELP = "In hướng dẫn này rồi thoát."
FILES_HELP = "Các tệp cần kiểm tra; dùng được cả dạng inbox/*.xlsx."
DEMO_FOLDER_HELP = "Thư mục sẽ tạo. Mặc định: demo, trong thư mục hiện tại."
EVERY_HELP = "Số giây giữa hai lần xem inbox. Mặc định: {default}."

# --- faults of the command line -------------------------------------------------------------------

FAULT = "Lỗi: {message} (Xem {command} --help)"
NEAREST = " Có phải ý là «{name}»?"
NO_SUCH_OPTION = "Không có tùy chọn «{name}».{suggestion}"
OPTION_NOT_USED = "Lệnh «{command}» không dùng tùy chọn «{name}»."
NO_SUCH_COMMAND = "Không có lệnh «{name}».{suggestion}"
ALL_COMMANDS = " Các lệnh: {names}."
MISSING = "Thiếu đối số {name}."
BAD_VALUE = "{name}: {message}"  # of an option; an argument needs no name
NEEDS_VALUE = "Tùy chọn «{name}» phải có giá trị theo sau."
TAKES_NO_VALUE = "Tùy chọn «{name}» không nhận giá trị."
EXTRA = "Thừa đối số: {values}."

NOT_A_PERIOD = "«{value}» không phải là kỳ báo cáo; hãy viết năm-tháng, ví dụ 2026-11."
NOT_A_MOMENT = "«{value}» không phải là thời điểm; hãy viết như 2026-11-24T08:00."
NOT_SECONDS = "«{value}» không phải là số giây; hãy viết một số nguyên từ 1 đến {most}."
NO_SUCH_FILE = "Không tìm thấy tệp «{value}»."
IS_A_FOLDER = "«{value}» là thư mục; hãy ghi tên tệp, ví dụ {value}/*.xlsx."
NO_SUCH_FOLDER = "Không có thư mục «{value}»."
IS_A_FILE = "«{value}» là tệp, không phải thư mục."

NOT_INSTALLED = (
    "Chưa cài thư viện «{name}». Hãy chạy bằng Python của thư mục .venv, hoặc cài: "
    "python -m pip install -r requirements.txt"
)
STOPPED = "Đã dừng."
WORLD = "Lỗi: {what}{where}."
WHERE = " («{file}»)"
WORLD_REASONS = {
    "ENOSPC": "ổ đĩa đã đầy",
    "EDQUOT": "đã dùng hết dung lượng được cấp",
    "EACCES": "không có quyền đọc, ghi, hoặc tệp đang mở ở chương trình khác",
    "EPERM": "không có quyền đọc, ghi, hoặc tệp đang mở ở chương trình khác",
    "EROFS": "ổ đĩa chỉ cho đọc",
}
WORLD_OTHER = "hệ điều hành từ chối thao tác ({name})"

CRASH_FILE = "loi-chuong-trinh.txt"
CRASH = "Lỗi chương trình ({kind}). Chi tiết ở {file}; hãy gửi tệp này cho người phụ trách kỹ thuật."
CRASH_UNWRITTEN = "Lỗi chương trình ({kind} tại {place}). Không ghi được chi tiết vào {file}."

# --- results --------------------------------------------------------------------------------------

PERIOD_LINE = "Kỳ báo cáo: {period}. Hạn nộp: trước ngày {deadline}."
COUNTS_LINE = "Phải nộp: {expected} đơn vị. Đã báo cáo: {reported}. Đúng hạn: {on_time}."
UNIT, RECEIPT, TIME, OUTCOME = "Đơn vị", "Tình trạng nộp", "Thời gian", "Kết quả"
ERRORS, WARNINGS, ARRIVED, FILES_SENT = "Lỗi", "Cảnh báo", "Nhận lúc", "Số tệp"
DAY_FORMAT, MOMENT_FORMAT = "%d/%m", "%d/%m %H:%M"
FILE_NAME, UNIT_ID, FILE_PERIOD = "Tệp", "Đơn vị", "Kỳ"
TAKEN = "Đã xử lý {count} tệp:"
REPEATED = "Đã nhận trước đó"
NOTHING_TAKEN = "Không có tệp mới trong inbox."
LEFT = "Để lại cho lần chạy sau {count} tệp:"
WORKBOOKS = "Bảng tổng hợp:"
NO_WORKBOOK = "Không ghi bảng tổng hợp nào."
UNKNOWN = "không rõ"

FORMS = "Đã ghi {count} mẫu phiếu kỳ {period} vào {folder}:"
CHECKED = "{file} ({unit}, {period}): {outcome}"
CHECKED_PERIOD = "kỳ {period}"
UNKNOWN_UNIT, UNKNOWN_PERIOD = "không rõ đơn vị", "không rõ kỳ"
NO_FINDING = "Không có lỗi."
FINDING = "[{severity}] {code}{place}{rows} {title}: {found} → {mend}{example}"
EXAMPLE = " Ví dụ: {example}"
REPORT_DONE = "Báo cáo {period}: {file}"
REPORT_KEPT = "Giữ nguyên {file} vì đã được sửa; bản mới mang tên khác."
REPORT_UNUSED = "Lưu ý: mẫu báo cáo không dùng các trường: {names}."
REPORT_TO_FILL = "Còn phải ghi trong Word: số, ngày, họ tên người ký và các chỗ bắt đầu bằng (…)."
PDF_OUTCOMES = {
    "written": "Bản PDF: {file}",
    "no_office": "Chưa có bản PDF: máy này không có LibreOffice. Có thể dùng Word để lưu báo cáo thành PDF.",
    "failed": "Chưa có bản PDF: LibreOffice không chuyển được. Có thể dùng Word để lưu báo cáo thành PDF.",
}
DEMO_DONE = "Thư mục minh họa: {folder}. Bảng tổng hợp, mới nhất trước:"
SCHEDULE_STARTS = "Đang theo dõi {inbox}, {every} giây một lần. Nhấn Ctrl+C để dừng."
