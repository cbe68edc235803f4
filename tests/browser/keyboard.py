"""A page in, every place at which Tab stops out, with what is wrong about it.

At each stop the focused element must be seen, show that it is focused, have a name, and lie under nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

_MOST = 150  # stops of one page; more would be a circle that was not recognised

# What of the focused element, or of what is drawn around it, may say that it is focused.
_SCRIPT = """() => {
  const node = document.activeElement;
  if (!node || node === document.body || node === document.documentElement) {
    delete window.focusedBefore;
    return null;
  }
  const colour = (text) => {
    const one = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    one.fillStyle = text;
    one.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = one.getImageData(0, 0, 1, 1).data;
    return { r, g, b, a: a / 255 };
  };
  const light = ({ r, g, b }) => {
    const part = (one) => ((one /= 255) <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = (at) => {
    for (let one = at; one; one = one.parentElement) {
      const found = colour(getComputedStyle(one).backgroundColor);
      if (found.a > 0.5) return found;
    }
    return { r: 255, g: 255, b: 255, a: 1 };
  };
  const looks = (at) => {
    const style = getComputedStyle(at);
    const outline = style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1 ? "" : style.outlineColor;
    return { outline, shadow: style.boxShadow === "none" ? "" : style.boxShadow, border: style.borderTopColor, width: style.borderTopWidth };
  };
  const around = [node];
  while (around.length < 7 && around.at(-1).parentElement) around.push(around.at(-1).parentElement);
  const rect = [...node.getClientRects()].find((one) => one.width && one.height) ?? node.getBoundingClientRect();
  const x = rect.left + rect.width / 2;
  const y = rect.top + rect.height / 2;
  const inside = x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight;
  const hit = document.elementFromPoint(Math.min(Math.max(x, 0), innerWidth - 1), Math.min(Math.max(y, 0), innerHeight - 1));
  const covered = hit && hit !== node && !node.contains(hit) && hit.closest("label")?.control !== node && !hit.contains(node);
  const before = around.map(looks);
  const other = window.focusedBefore;
  window.focusedBefore = { node, around, before };
  let changed = null;
  if (other && other.node !== node && other.node.isConnected) {
    changed = false;
    other.around.forEach((one, index) => {
      const was = other.before[index];
      const is = looks(one);
      const ring = was.shadow !== is.shadow && was.shadow.match(/^(rgba?\\([^)]*\\)) 0px 0px 0px [1-9]/)?.[1];
      const edge = was.border !== is.border && parseFloat(was.width) ? was.border : "";
      const drawn = was.outline && was.outline !== is.outline ? was.outline : ring || edge;
      if (drawn && contrast(colour(drawn), ground(one.parentElement)) >= 3) changed = true;
    });
  }
  const follows = !other || !other.node.isConnected || Boolean(other.node.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
  const where = ["#side", "#talk", ".panel", "#library", "#sides", "#table", "dialog", "#tabs .tab-wrapper"].find((one) => node.closest(one)) ?? "";
  node.dataset.stop ??= String((window.stops = (window.stops ?? 0) + 1));
  return {
    stop: node.dataset.stop, tag: node.tagName.toLowerCase(), html: node.outerHTML.slice(0, 140), where,
    seen: node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && rect.width > 0 && rect.height > 0,
    inside, covered: covered ? hit.outerHTML.slice(0, 120) : "", changed, follows, top: rect.top, left: rect.left, height: rect.height,
  };
}"""


@dataclass(frozen=True)
class Stop:
    """A place at which Tab stopped."""

    key: str
    html: str
    where: str
    name: str
    role: str
    seen: bool
    inside: bool
    covered: str
    follows: bool
    shows: bool | None  # that it is focused; None where that could not be seen since it went away


def walk(page: Page, key: str = "Tab") -> list[Stop]:
    """Press a key until every stop was met once."""
    session = page.context.new_cdp_session(page)
    page.evaluate(
        "() => { delete window.focusedBefore; document.activeElement.blur(); getSelection().removeAllRanges(); }"
    )
    raw: list[dict[str, Any]] = []
    for _ in range(_MOST):
        page.keyboard.press(key)
        found = page.evaluate(_SCRIPT)
        if found is None:
            continue  # past the last one; the next is the first of the page
        if raw:
            raw[-1]["shows"] = found["changed"]
        if found["stop"] in [one["stop"] for one in raw]:
            break
        named = _named(session)
        if page.evaluate("document.activeElement === document.body"):
            continue  # it went away meanwhile, as Gradio's button for scrolling down does
        raw.append(found | named)
    else:
        raise AssertionError(f"no end after {_MOST} stops: {raw[-3:]}")
    session.detach()
    return [
        Stop(
            *(one["stop"], one["html"], one["where"], one["name"], one["role"], one["seen"], one["inside"]),
            *(one["covered"], one["follows"], one.get("shows")),
        )
        for one in raw
    ]


def _named(session: Any) -> dict[str, str]:
    """The name and role that Chromium gives a screen reader for what is focused."""
    node = session.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]["objectId"]
    found = session.send("Accessibility.getPartialAXTree", {"objectId": node, "fetchRelatives": False})["nodes"][0]
    return {"name": found.get("name", {}).get("value", "").strip(), "role": found.get("role", {}).get("value", "")}


def faults(stops: list[Stop]) -> list[str]:
    """What is wrong with these stops, in words."""
    rules: dict[str, Callable[[Stop], bool]] = {
        "is not seen": lambda stop: not stop.seen,
        "is outside of the window": lambda stop: not stop.inside,
        "has no name": lambda stop: not stop.name,
        "is covered": lambda stop: bool(stop.covered),
        "does not show that it is focused": lambda stop: stop.shows is False,
    }
    wrong = [f"{says}: {stop.html} {stop.covered}" for stop in stops for says, holds in rules.items() if holds(stop)]
    return wrong + [f"comes before what it follows: {stop.html}" for stop in stops[1:] if not stop.follows]


def go(page: Page, to: str, key: str = "Tab", most: int = _MOST) -> None:
    """Press a key until what a selector means is focused."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("to => document.activeElement.matches(to)", to):
            return
    raise AssertionError(f"{key} does not lead to {to}")
