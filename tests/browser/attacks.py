"""Words that attack a page, a corpus that says them wherever it can, and what of them may never be found on the page."""

from __future__ import annotations

import json

from playwright.sync_api import Page

ATTACKS = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=2>",
    '<img src="http://evil.example/a.png">',
    "![pixel](http://evil.example/b.png)",
    "![a[b]c](http://evil.example/c.png)",
    "[click](javascript:window.hit=3)",
    "<a href='javascript:window.hit=4'>go</a>",
    "${window.hit=5} ${eval(String.fromCharCode(119))} {{window.hit=6}} {{{this}}}",
    "<svg onload=window.hit=7></svg>",
    "<div style='position:fixed;inset:0;background:url(http://evil.example/d.png)'>overlay</div>",
    "<style>@import 'http://evil.example/e.css';</style>",
    "<iframe srcdoc='<script>parent.hit=8</script>'></iframe>",
    "$$\\href{javascript:window.hit=9}{x}$$ \\(x\\)",
    "```mermaid\ngraph TD; A[<img src=http://evil.example/f.png>]\n```",
    "</div></details></blockquote></textarea></script><video poster=http://evil.example/g.png>",
    "http://evil.example/autolink www.evil.example <http://evil.example>",
    '" onmouseover="window.hit=10" x="',
    "<think>hidden</think> <meta http-equiv=refresh content='0;url=http://evil.example'>",
    "\u202egnp.exe",
)
NAME = "<img src=x onerror=window.hit=11> ${window.hit=12} {{x}} ![n](x) & 'q' \"r\" `s`.txt"
TEXT = (
    "The zebra of Quarn eats thistles. "
    + " The zebra of Quarn says: ".join(ATTACKS)
    + " That is all about the zebra of Quarn.\n"
)
LABELS = f"""
version = 1
[perspectives."x\\" onclick=\\"window.hit=13"]
label = {json.dumps("Side " + ATTACKS[1] + ATTACKS[7] + ATTACKS[3])}
description = {json.dumps(ATTACKS[0])}
[[source]]
match = "plain.txt"
title = {json.dumps("Title " + " ".join(ATTACKS[:4]) + ATTACKS[7])}
outlet = {json.dumps(ATTACKS[2])}
perspective = "x\\" onclick=\\"window.hit=13"
provenance = "curated"
by = {json.dumps(ATTACKS[1])}
on = "2026-01-01"
"""

# Whatever an attack would have become, had its words been taken for anything but words.
_HARM = """() => [...document.querySelectorAll("*")].filter((node) => {
  const evil = [...node.attributes].some(({ name, value }) =>
    (/^on/.test(name) && value.includes("hit")) ||
    (/^(src|srcset|srcdoc|href|xlink:href|poster|style|action|data|content)$/.test(name) && /^javascript:|\\bevil\\b|<script/i.test(value)));
  const sheet = node.matches("style") && node.textContent.includes("evil.example");
  const script = node.matches("script") && /^(parent|window)\\.hit=/.test(node.textContent.trim());
  const over = node.textContent.trim() === "overlay" && getComputedStyle(node).position === "fixed";
  return evil || sheet || script || over || node.matches("think, img[src=x], meta[http-equiv=refresh]");
}).map((node) => node.outerHTML.slice(0, 200))"""


def harm(page: Page) -> list[str]:
    """What of the attacks has become a part of the page, or has run."""
    ran = page.evaluate("window.hit ?? null")
    return [*page.evaluate(_HARM), *([] if ran is None else [f"ran: {ran}"])]


def unharmed(page: Page) -> None:
    page.wait_for_timeout(400)  # what would load or run, would have by now
    assert harm(page) == []
    assert page.locator(":is(#chat, .panel, .table-view, .side-card) img").count() == 0
    assert page.locator("#chat [style*='fixed'], :is(.panel, .table-view, .side-card) [style]").count() == 0
