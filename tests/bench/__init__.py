"""Development sets in, tables of figures out: how fast Parallax is and how well it finds, beside named baselines.

    python -m tests.bench --data FOLDER [--peers PYTHON] [--only NAME] [--quick] [--json FILE]

Every ratio comes from interleaved rounds of one run on one machine (A B A B ...), and is a median. Nothing here
passes or fails: times depend on the machine. Each measurement is a module with `run(options) -> rows`; each system
that is measured is a process of its own (`*_worker.py`), which imports nothing of this package but `worker.py`.
"""
