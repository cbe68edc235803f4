"""Asks the same question until a moment given, and tells what was odd. Started by tests/index/test_crash.py.

In every generation the documents a.txt and b.txt bear the same number. So an answer is wrong when they differ, when one
of them is missing, or when the number is lower than in the answer before.
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from pathlib import Path

from fakes import WordEmbedder

from index import Reader, Store


def main(store: str, seconds: str) -> None:
    reader = Reader(Store(Path(store)), WordEmbedder())
    print("ready", flush=True)
    over = time.monotonic() + float(seconds)
    asked, wrong, latest, seen = 0, [], -1, set()
    while time.monotonic() < over and len(wrong) < 5:
        try:
            with reader.pinned() as (generation, retriever):
                hits = retriever.search("What does the tide gauge show?", k=4)
                texts = {hit.passage.document.id: hit.passage.text for hit in hits}
                number, other = (int(texts[id].split()[-1]) for id in ("a.txt", "b.txt"))
                if number != other or number < latest:
                    wrong.append(f"{generation.name}: {number}, {other} after {latest}")
                latest = number
                seen.add(generation.name)
        except Exception:  # noqa: BLE001
            wrong.append(traceback.format_exc())
        asked += 1
    reader.close()
    print(json.dumps({"asked": asked, "wrong": wrong, "latest": latest, "generations": len(seen)}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
