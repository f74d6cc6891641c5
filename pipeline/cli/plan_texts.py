"""The sentences of the group `plan`."""

PLAN_SHORT = "Sửa kế hoạch trong Excel."
PLAN_HELP = """
Sửa kế hoạch trong Excel: xuất tệp kế hoạch ra một bảng tính để sửa, rồi đọc lại phần đã sửa.

Không ghi lệnh con nào thì chạy plan export.
"""
EXPORT_SHORT = "Xuất kế hoạch ra Excel để sửa."
EXPORT_HELP = """
Xuất tệp kế hoạch thành outbox/ke-hoach-2026.xlsx: đơn vị, chỉ tiêu, nhiệm vụ, lịch, cách chấm điểm, có danh
sách để chọn và lời giải thích. Tệp Excel đã sửa từ trước không bị ghi đè.
"""
IMPORT_SHORT = "Xem, ghi phần đã sửa trong Excel."
IMPORT_HELP = """
Đọc tệp Excel đã sửa và cho biết kế hoạch đổi những gì, hoặc trang nào, ô nào chưa đúng. Chỉ cho xem; ghi vào
tệp kế hoạch khi có --write, hoặc ghi thành tệp khác với --out. Tệp cũ luôn được giữ một bản bên cạnh.
"""
BOOK, BOOK_HELP = "TỆP_EXCEL", "Tệp Excel do plan export ghi, đã sửa."
WRITE_HELP = "Ghi các thay đổi vào tệp kế hoạch."
OUT, OUT_HELP = "TỆP", "Ghi thành tệp kế hoạch này, ví dụ schemas/plan-2027.toml cho năm sau."
NOT_TOML = "«{value}» phải là tên một tệp kế hoạch, ví dụ schemas/plan-2027.toml."
WRITE_OR_OUT = "Chỉ dùng một trong hai: --write hoặc --out."

EXPORTED = "Đã xuất {plan}: {workbook}"
KEPT = "Giữ nguyên tệp đã có: {file}"
THEN_IMPORT = 'Sửa xong, lưu và đóng Excel rồi chạy: {command} plan import "{workbook}"'
NO_CHANGE = "Không có thay đổi nào so với {plan}."
COUNTS = "So với {plan}: {changed} ô sửa, {added} dòng thêm, {removed} dòng bỏ."
SHEET = "Trang «{sheet}»"
CHANGED = "  {cell}  {entry}{label}: {before} → {after}"
ADDED = "  {cell}  thêm {entry}: {after}"
REMOVED = "  bỏ {entry}: {before}"
NOTE = "Lưu ý: {note}"
WRITTEN = "Đã ghi {file}."
COPY = "Bản trước khi ghi: {file}"
NOT_WRITTEN = "Chưa ghi gì. Đúng rồi thì chạy lại lệnh này kèm {option}."
THEN_LOOK = "Đơn vị hoặc chỉ tiêu có thay đổi thì phát hành lại mẫu phiếu: {command} templates"
