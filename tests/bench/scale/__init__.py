"""A corpus that grows in, what that costs out: `make bench-scale`.

    python -m tests.bench.scale --data FOLDER [--sizes 1000,3000,30000,1000000p] [--work FOLDER] [--pictures FOLDER]

A size is a number of articles, or, with a `p`, of passages. The first 3,000 articles are those of the news set; the
others are the same, varied so that no two are alike (varied.py). For each size (stages.py, each stage in a process of
its own): an index is built, opened, asked alone and with filters, and brought up to date after one article in a hundred
changed. What was built and measured is kept under `--work`; a second run asks again and leaves the rest as it is, so a
run that was broken off goes on where it was.

Where an index is larger than can be embedded in the time of a measurement, passages get vectors at no cost
(`varied.RecalledEmbedder`) and the table says so; of the approximate index's recall only what was embedded tells.
"""
