"""The one program of the project: `python run_monthly.py --help` tells what it does."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # an older one fails below, in words that help nobody
    print(
        f"Cần Python 3.11 trở lên; đang chạy bằng Python {sys.version.split()[0]}. Hãy bấm đúp cai-dat.cmd "
        "(Windows), hoặc chạy bằng Python của thư mục .venv.",
        file=sys.stderr,
    )
    sys.exit(2)

if __name__ == "__main__":  # a worker that reads files loads this module too, and needs nothing of it
    import gc

    from pipeline.base.garbage import look_seldom

    look_seldom()  # from here on: the modules are loaded below

    from pipeline.cli.main import main

    status = main()
    gc.freeze()  # nor need the interpreter look through them twice before it ends
    raise SystemExit(status)
