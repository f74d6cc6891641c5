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
YEAR = "NĂM"

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
CALENDAR_SHORT = "In lịch cả năm: chốt số liệu, hạn nộp, nhắc, tổng hợp."
CALENDAR_HELP = """
In lịch cả năm của kế hoạch: ngày chốt số liệu, hạn nộp, hạn báo cáo, các lần nhắc và tổng hợp của từng kỳ;
hạn nào rơi vào ngày nghỉ thì nói rõ và gợi ý ngày nên gửi.
"""
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
TICK_SHORT = "Nhận tệp mới và làm những việc đã đến hạn, một lần."
TICK_HELP = """
Nhận tệp mới trong inbox và làm những việc của kế hoạch đã đến hạn mà chưa làm; việc đã làm thì không làm lại.
Thư đến hạn được soạn vào outbox; hop-thu.toml cho phép (by_itself) thì tự lấy thư và tự gửi, mỗi thư một lần.
Dành cho Task Scheduler, cron, systemd: gọi bao nhiêu lần cũng được.

Mã kết thúc là 3 khi còn việc chưa xong; lần gọi sau sẽ thử lại.
"""
SCHEDULE_SHORT = "Chạy thường trực: nhận tệp mới, làm việc đến hạn."
SCHEDULE_HELP = (
    "Chạy thường trực: cứ sau mỗi nhịp lại làm như lệnh tick, nhận tệp mới và làm những việc đã đến hạn. "
    "Nhấn Ctrl+C để dừng."
)

WORKSPACE_HELP = "Thư mục chứa inbox, outbox và archive. Mặc định: thư mục của run_monthly.py."
PERIOD_HELP = (
    "Kỳ báo cáo, ví dụ 2026-11. Mặc định: kỳ gần nhất đã chốt số liệu; với templates: kỳ đang mở để nộp."
)
PLAN_HELP = "Tệp kế hoạch (.toml). Mặc định: kế hoạch của năm báo cáo trong thư mục schemas."
NOW_HELP = "Coi như đang ở thời điểm này, ví dụ 2026-11-24T08:00 (giờ Việt Nam). Mặc định: đồng hồ của máy."
JSON_HELP = "In kết quả dạng JSON (chỉ với check, status, calendar và doctor)."
YEAR_HELP = "Năm, ví dụ 2026. Mặc định: năm nay, hoặc năm gần nhất có kế hoạch."
PDF_HELP = "Ghi thêm bản PDF, nếu máy có LibreOffice (chỉ với report)."
OPEN_HELP = "Mở thư mục kết quả của kỳ khi xong."
VERSION_HELP = "In phiên bản rồi thoát."
HELP_HELP = "In hướng dẫn này rồi thoát."
FILES_HELP = "Các tệp cần kiểm tra; dùng được cả tên thư mục và dạng inbox/*.xlsx."
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
WRONG_CLOCK = "Đồng hồ của máy đang là ngày {day}. Hãy chỉnh lại ngày giờ của máy rồi chạy lại."
NOT_A_YEAR = "«{value}» không phải là năm; hãy viết bốn chữ số, ví dụ 2026."
NOT_SECONDS = "«{value}» không phải là số giây; hãy viết một số nguyên từ 1 đến {most}."
NO_SUCH_FILE = "Không tìm thấy tệp «{value}»."
IS_A_FOLDER = "«{value}» là thư mục; hãy ghi tên tệp kế hoạch trong đó, ví dụ {example}."
EXAMPLE_PLAN = "plan-2026.toml"
NO_SUCH_FOLDER = "Không có thư mục «{value}»."
IS_A_FILE = "«{value}» là tệp, không phải thư mục."

NOT_INSTALLED = (
    "Chưa cài thư viện «{name}». Hãy bấm đúp cai-dat.cmd (Windows); hoặc chạy bằng Python của thư mục .venv; "
    "hoặc cài: python -m pip install -r requirements.txt"
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
HELD = "Chờ quyết định ({count} tệp, kỳ đã phát hành); là đính chính thì cho nhận bằng lệnh admit:"
COUNTS_LINE = "Phải nộp: {expected} đơn vị. Đã báo cáo: {reported}. Đúng hạn: {on_time}."
UNIT, RECEIPT, TIME, OUTCOME = "Đơn vị", "Tình trạng nộp", "Thời gian", "Kết quả"
ERRORS, WARNINGS, ARRIVED, FILES_SENT = "Lỗi", "Cảnh báo", "Nhận lúc", "Số tệp"
DAY_FORMAT, MOMENT_FORMAT = "%d/%m", "%d/%m %H:%M"
FILE_NAME, UNIT_ID, FILE_PERIOD = "Tệp", "Đơn vị", "Kỳ"
TAKEN = "Đã xử lý {count} tệp:"
REPEATED = "Đã nhận trước đó"
NOTHING_TAKEN = "Không có tệp mới trong inbox."
LEFT = "Để lại cho lần chạy sau {count} tệp:"
WORKBOOKS = "Bảng tổng hợp (trang cho lãnh đạo nằm cạnh, đuôi .html):"
OPENED = "Đã mở thư mục kết quả: {folder}"
NOT_OPENED = "Thư mục kết quả: {folder}"
OPEN_DATA = "Dữ liệu mở:"
SEND_BACK = "Lời phản hồi và phiếu cần sửa, để gửi lại các đơn vị:"
NO_WORKBOOK = "Không ghi bảng tổng hợp nào."
UNKNOWN = "không rõ"

FORMS = "Đã ghi {count} mẫu phiếu kỳ {period} vào {folder}:"
CHECKED = "{file} ({unit}, {period}): {outcome}"
CHECKED_WRAPPING = "{file}: {outcome}"
NOTHING_TO_CHECK = "Không có tệp nào để kiểm tra."
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
NOTHING_DUE = "Không có tệp mới, không có việc nào đến hạn."
SCHEDULE_STARTS = "Đang theo dõi {inbox}, {every} giây một lần. Nhấn Ctrl+C để dừng."

# --- calendar -------------------------------------------------------------------------------------

YEAR_LINE = "Lịch năm {year} ({plan}). Hạn rơi vào ngày nghỉ: {day_off}."
DAY_OFF = {
    "none": "không dời",
    "previous": "dời về ngày làm việc trước đó",
    "next": "dời đến ngày làm việc kế tiếp",
}
CALENDAR_HEAD = (
    "Kỳ",
    "Mẫu phiếu",
    "Chốt số liệu",
    "Nộp chậm nhất",
    "Nhắc nộp",
    "Tổng hợp",
    "Báo cáo chậm nhất",
)
WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
LONG_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
ODD_MARK = "*"
STEPS_HEAD = "Việc tự làm mỗi kỳ, bằng lệnh schedule hoặc tick:"
STEP_LINE = "{hour:>2} giờ  {label}"
NOT_ABLE = " (bản này chưa làm được)"
ODD_HEAD = {
    "none": "* Rơi vào ngày nghỉ; kế hoạch không dời hạn:",
    "previous": "* Rơi vào ngày nghỉ; kế hoạch dời hạn về ngày làm việc trước đó:",
    "next": "* Rơi vào ngày nghỉ; kế hoạch dời hạn đến ngày làm việc kế tiếp:",
}
NO_ODD = "Không có ngày chốt, hạn nộp, hạn báo cáo nào rơi vào ngày nghỉ."
ODD_LINE = "{period}  {what}: {day}, {reason}. {handling}"
ODD_WHAT = {"closing": "Chốt số liệu", "deadline": "Hạn nộp", "report": "Hạn báo cáo"}
WEEKEND = "cuối tuần"
CLOSING_KEPT = "Số liệu vẫn tính đến hết ngày ấy."
ODD_MOVED = "Hạn dời đến {to}."
ODD_SENSELESS = (
    "Dời đến {to} thì hạn không còn nằm giữa ngày chốt số liệu và hạn báo cáo, nên giữ nguyên. {advice}"
)
ADVICE = {
    "deadline": "Đơn vị nên gửi chậm nhất {advised}.",
    "report": "Nên báo cáo chậm nhất {advised}.",
}
NO_ADVICE = {
    "deadline": "Từ ngày chốt đến hạn không có ngày làm việc nào: nên nhắc sớm, hoặc gia hạn đến {after}.",
    "report": "Từ hạn nộp đến hạn báo cáo không có ngày làm việc nào; ngày làm việc kế tiếp là {after}.",
}
SPECIAL_HEAD = "Ngày nghỉ lễ, ngày làm bù:"
SPECIAL_KINDS = {"off": "nghỉ", "working": "làm việc"}
BY_THE_PLAN = " (kế hoạch ghi)"
HOLIDAYS_KNOWN = (
    "Ngày nghỉ lấy từ gói holidays. Lịch nghỉ Tết và hoán đổi ngày làm việc được quyết định từng năm: hãy "
    "đối chiếu; chỗ nào khác thì ghi vào [[calendar.overrides]] của tệp kế hoạch."
)
HOLIDAYS_UNKNOWN = (
    "Không biết ngày nghỉ lễ năm {year}: ngoài thứ Bảy, Chủ nhật chỉ tính những ngày kế hoạch ghi trong "
    "[[calendar.overrides]]."
)
