"""The one program of the project: `python run_monthly.py --help` tells what it does."""

from pipeline.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
