"""The one program of the project: `python run_monthly.py --help` tells what it does."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # an older one fails below, in words that help nobody
    print(
        f"Cần Python 3.11 trở lên; đang chạy bằng Python {sys.version.split()[0]}. Hãy bấm đúp cai-dat.cmd "
        "(Windows), hoặc chạy bằng Python của thư mục .venv.",
        file=sys.stderr,
    )
    sys.exit(2)

from pipeline.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
