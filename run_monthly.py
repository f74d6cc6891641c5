"""The one program of the project: `python run_monthly.py --help` tells what it does."""

if __name__ == "__main__":  # a worker that reads files loads this module too, and needs nothing of it
    import gc

    # Hardly anything becomes garbage while modules are loaded, and one look for it through the objects of
    # pandas takes longer than to score a month.
    gc.set_threshold(100_000, 50, 100)

    from pipeline.cli.main import main

    status = main()
    gc.freeze()  # nor need the interpreter look through them twice before it ends
    raise SystemExit(status)
