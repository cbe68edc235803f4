"""The program under kills, load, bad files, full disks and jumping clocks: what was done to it, and what it lost.

    python -m tests.harden [--quick] [--only ROW] [--data FOLDER] [--json FILE] [--seed N]

Each row is a module with `run(options) -> Row`. A row fails where anything was lost, anything was wrong, or a failure
was told in anything but one sentence; then the command ends with status 1.
"""
