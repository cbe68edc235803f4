"""A file's characters (text, HTML) or bytes (PDF, DOCX) in; its text, and what it says of itself, out.

Each reader catches its library's exceptions by name and raises BadDocument. It knows no folder, no store and no
label. The libraries load when the first file of their kind is read.
"""

from __future__ import annotations

import datetime
import io
import logging
import re
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from index.errors import BadDocument

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.html import HtmlElement

MAX_UNPACKED = 300_000_000  # bytes; guessed: a long book with its pictures stays below, a zip bomb does not
MAX_SECONDS = 300  # for the pages of one PDF; pypdf bounds the work of a page, nothing bounds the number of pages
MAX_LINE = 300  # characters; guessed: a longer title or author is somebody's abstract

# All three libraries log what they find odd, and Python prints that on standard error where no logging is set up.
_QUIET = logging.NullHandler()


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a file and what the file says of itself."""

    text: str
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    kind: str | None = None
    published: str | None = None
    declared: str | None = None
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


def with_warnings(extract: Extract, warnings: tuple[str, ...]) -> Extract:
    """The same extract, with what was noticed before it was made."""
    return replace(extract, warnings=(*warnings, *extract.warnings))


def storable(text: str) -> tuple[str, int]:
    """Join surrogate pairs and replace lone surrogates, which UTF-8 and so SQLite cannot hold; say how many."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return whole, whole.count("\ufffd") - text.count("\ufffd")
    return text, 0


def one_line(value: object) -> str | None:
    """A title, a name or the like as one clean line; None where there is nothing to show."""
    line = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", storable(value)[0]).split()) if isinstance(value, str) else ""
    return line if 0 < len(line) <= MAX_LINE else None


# ── Text and Markdown ────────────────────────────────────────────────────────────────────────────────────────────────

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<block>.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_MAX_FRONT_MATTER = 16_000  # characters; guessed
_ISO_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ].*)?)?)?")


def read_text(text: str, markdown: bool) -> Extract:
    """The text after its front matter, unchanged, and what the front matter says."""
    found = _FRONT_MATTER.match(text[:_MAX_FRONT_MATTER])
    if found is None:
        return Extract(text=text, title=_text_title(text, markdown))
    facts, warnings = _front_matter(found["block"])
    if facts is None:  # prose between two rules
        return Extract(text=text, title=_text_title(text, markdown))
    rest = text[found.end() :]
    published, more = _published(facts.get("date") or facts.get("published"))
    return Extract(
        text=rest,
        title=facts.get("title") or _text_title(rest, markdown),
        outlet=facts.get("outlet"),
        author=facts.get("author"),
        kind=facts.get("kind"),
        published=published,
        declared=facts.get("perspective"),
        warnings=(*warnings, *more),
    )


def _front_matter(block: str) -> tuple[dict[str, str] | None, tuple[str, ...]]:
    """The values of the block by key; None where it is no front matter at all."""
    import yaml
    from frontmatter.default_handlers import YAMLHandler

    try:
        # The base loader leaves every value as it is written: "No" stays a word, 2025-12 a month. The one in Python,
        # because libyaml's crashes the process on deep nesting. OverflowError: the escape "\U99999999".
        values = YAMLHandler().load(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, OverflowError, ValueError):
        if re.match(r"\s*[\w-]+\s*:", block) is None:
            return None, ()
        return {}, ("The front matter is not valid YAML and was left out: put values with a colon in quotation marks.",)
    if not isinstance(values, dict):
        return (None if block.strip() else {}), ()
    facts: dict[str, str] = {}
    warnings: list[str] = []
    for key in ("title", "outlet", "author", "kind", "date", "published", "perspective"):
        value = {str(name).lower(): value for name, value in values.items()}.get(key)
        if isinstance(value, list) and key == "author":
            value = ", ".join(name for name in value if isinstance(name, str))
        if value in (None, "", "~", "null"):
            continue
        if line := one_line(value):
            facts[key] = line
        else:
            warnings.append(f"The front matter's {key} is not one line of text and was left out.")
    return facts, tuple(warnings)


def _published(written: str | None) -> tuple[str | None, tuple[str, ...]]:
    if written is None:
        return None, ()
    found = _ISO_DATE.fullmatch(written)
    try:
        if found is None:
            raise ValueError(written)
        year, month, day = found.groups()
        datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None, (f"The front matter's date “{written}” was left out: write it as 2025, 2025-12 or 2025-12-23.",)
    return "-".join(part for part in (year, month, day) if part), ()


def _text_title(text: str, markdown: bool) -> str | None:
    return _markdown_title(text) if markdown else _first_line_title(text)


def _markdown_title(text: str) -> str | None:
    code = False
    for line in re.finditer(r"[^\r\n]+", text):
        code ^= line[0].lstrip().startswith(("```", "~~~"))
        if not code and line[0].startswith("# "):
            return one_line(line[0].strip("# \t"))
    return None


def _first_line_title(text: str) -> str | None:
    found = re.match(r"\s*(\S[^\r\n]{0,119})[\r\n]", text)
    line = found[1].rstrip() if found else ""
    is_sentence = line.rstrip("\"'”’»)").endswith((".", ",", ";", ":", "…"))
    return one_line(line) if re.search(r"\w", line) and not is_sentence else None


# ── HTML ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

_UNREAD_TAGS = {"script", "style", "template", "noscript"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# On a container this is a layout trick whose children are visible; on an element without children it hides words.
_TINY_STYLE = re.compile(r"(font-size|opacity)\s*:\s*0(?!\.?\d*[1-9])", re.IGNORECASE)
_BLOCKS = (
    "address article blockquote br dd div dt figcaption h1 h2 h3 h4 h5 h6 hr li p pre section table td th tr".split()
)


def read_html(text: str, id: str) -> Extract:
    """The main text of a page as trafilatura finds it, else all visible words of its body."""
    import trafilatura
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    logging.getLogger("trafilatura").addHandler(_QUIET)
    logging.getLogger("htmldate").addHandler(_QUIET)
    try:
        tree, cut = _visible(text)
        page: Any = trafilatura.bare_extraction(
            tree,
            include_comments=False,
            include_links=False,
            favor_recall=True,
            with_metadata=True,
            # The extensive search takes any old number on the page for its date.
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
        words = _lines(page.text or "") if page else ""
        words = words or _body_text(_visible(text)[0])
    except (etree.LxmlError, RecursionError) as error:
        raise BadDocument(id, "The HTML cannot be parsed", "Open it in a browser and save it again") from error
    said: dict[str, str | None] = page.as_dict() if page else {}
    return Extract(
        text=words,
        title=one_line(said.get("title")),
        outlet=one_line(said.get("sitename")),
        author=one_line(said.get("author")),
        published=one_line(said.get("date")),
        warnings=("The page nests too deep to be read: what follows that place is missing.",) if cut else (),
    )


def _visible(text: str) -> tuple[HtmlElement, bool]:
    """Parse a page, without what its reader would not see, white space as a browser shows it; say if it was cut."""
    from lxml import html

    # lxml refuses a str that declares an encoding.
    text = re.sub(r"^\s*<\?xml[^>]*>", "", text, count=1)
    # Our own parser, because without huge_tree libxml2 drops whatever follows a depth of 256 (with it: 2,048), which
    # pages full of unclosed tags reach. The empty paragraph, because a page without any element is an error to lxml.
    parser = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False)
    tree: HtmlElement = html.document_fromstring(text + "<p></p>", parser=parser)
    cut = any("depth" in str(entry.message) for entry in parser.error_log)
    preformatted = set(tree.xpath("//pre/descendant-or-self::*"))
    for element in tree.iter("*"):
        element.text = _shown(element.text, element in preformatted)
        element.tail = _shown(element.tail, element.getparent() in preformatted)
    for element in list(tree.iter("*")):
        style = element.get("style", "")
        tiny = len(element) == 0 and _TINY_STYLE.search(style)
        hidden = element.get("hidden") is not None or _HIDDEN_STYLE.search(style) or tiny
        # JSON-LD carries metadata; trafilatura never takes it for text.
        unread = element.tag in _UNREAD_TAGS and element.get("type") != "application/ld+json"
        if (hidden or unread) and element.tag not in ("html", "body", "head") and element.getparent() is not None:
            element.drop_tree()
    return tree, cut


def _shown(text: str | None, preformatted: bool) -> str | None:
    # The parser lets control characters in that lxml does not let out again.
    text = re.sub(r"[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]", "", text or "")
    return re.sub(r"\f" if preformatted else r"[ \t\r\n\f]+", " ", text) or None


def _body_text(tree: HtmlElement) -> str:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    etree.strip_elements(tree, etree.Comment, "script", "head", with_tail=False)
    for element in tree.iter(*_BLOCKS):
        element.text = "\n" + (element.text or "")
        element.tail = "\n" + (element.tail or "")
    return _lines(tree.text_content())


def _lines(text: str) -> str:
    return "\n".join(re.sub(r"[ \t]+", " ", line).strip() for line in text.splitlines() if line.strip())


# ── PDF ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_pdf(data: bytes, id: str) -> Extract:
    """The text of all pages, joined by an empty line; a page that cannot be read is empty and named in a warning."""
    import pypdf
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

    # pypdf repairs what it can and trips over the rest with whatever the damaged value leads to. Seen in 18,500
    # damaged files: a number too large for an index (OverflowError), a value of the wrong kind (AttributeError,
    # TypeError, AssertionError), impossible characters (ValueError), an unknown cipher (NotImplementedError, a
    # RuntimeError as is the RecursionError of nested arrays). Not seen, but its code lets them pass: a missing key
    # or place (LookupError), a cut stream (zlib.error, struct.error).
    damage = (
        PyPdfError, DependencyError, OverflowError, AttributeError, TypeError, AssertionError, ValueError,
        RuntimeError, LookupError, zlib.error, struct.error,
    )  # fmt: skip
    logging.getLogger("pypdf").addHandler(_QUIET)
    begun = time.monotonic()
    texts: list[str] = []
    unread: list[int] = []
    replaced = 0
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        # Many PDFs that only restrict printing are encrypted with an empty password.
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError("a password is needed")
        for number in range(1, len(reader.pages) + 1):
            if time.monotonic() - begun > MAX_SECONDS:
                problem = f"Reading its first {number - 1} pages took more than {MAX_SECONDS // 60} minutes"
                raise BadDocument(id, problem, "Split it, or save its text as a .txt file")
            try:
                text, lone = storable(reader.pages[number - 1].extract_text())
            except damage:
                text, lone = "", 0
                unread.append(number)
            texts.append(text)
            replaced += lone
    except FileNotDecryptedError as error:
        raise BadDocument(
            id, "The PDF is protected with a password", "Save a copy of it without the password"
        ) from error
    except LimitReachedError as error:
        problem = "The PDF unpacks to more than a document should, as a decompression bomb does"
        raise BadDocument(id, problem, "Print it to a new PDF if you trust it") from error
    except damage as error:
        raise BadDocument(id, "The PDF is damaged", "Open it in a PDF viewer and save it again") from error
    if not any(text.strip() for text in texts):
        if unread:
            raise BadDocument(id, "No page of the PDF can be read", "Open it in a PDF viewer and save it again")
        problem = "The PDF holds no text, only pictures of it or nothing; it needs OCR"
        raise BadDocument(id, problem, "Run it through an OCR program such as ocrmypdf")
    try:
        title, author = reader.metadata and reader.metadata.title, reader.metadata and reader.metadata.author
    except damage:
        title = author = None
    return Extract(
        text="\n\n".join(texts),
        title=plausible_title(title),
        author=plausible_author(author),
        pages=_page_starts(texts),
        warnings=_pdf_warnings(texts, unread, replaced),
    )


def _page_starts(texts: list[str]) -> tuple[int, ...]:
    starts: list[int] = []
    start = 0
    for text in texts:
        starts.append(start)
        start += len(text) + len("\n\n")
    return tuple(starts)


def _pdf_warnings(texts: list[str], unread: list[int], replaced: int) -> tuple[str, ...]:
    warnings: list[str] = []
    empty = [number for number, text in enumerate(texts, start=1) if not text.strip() and number not in unread]
    if unread:
        warnings.append(f"Could not read {_pages(unread)}: damaged in the PDF, and missing from the text.")
    if empty:
        warnings.append(f"Found no text on {_pages(empty)}: empty, or a picture that needs OCR.")
    if replaced:
        warnings.append(f"{replaced} half characters (lone surrogates) in the PDF were replaced by U+FFFD.")
    return tuple(warnings)


def _pages(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:10])) + (f" and {len(numbers) - 10} more" if len(numbers) > 10 else "")
    return f"page {shown}" if len(numbers) == 1 else f"pages {shown}"


# ── DOCX ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

# What one run says: its characters, tabs and breaks. Not: deleted or moved-away text, and hidden runs.
_RUN_PARTS = (
    ".//w:r[not(w:rPr/w:vanish[not(@w:val='0' or @w:val='false')])]"
    "[not(ancestor::w:del) and not(ancestor::w:moveFrom)]/*"
    "[self::w:t or self::w:tab or self::w:br or self::w:cr or self::w:noBreakHyphen]"
)
_WRAPPERS = {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}


def read_docx(data: bytes, id: str) -> Extract:
    """Paragraphs and tables in document order: a paragraph or a table row is a line, a tab stands between cells."""
    import docx
    from docx.exceptions import PythonDocxError
    from docx.opc.exceptions import OpcError
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    # python-docx trusts the package. Seen in 18,500 damaged files: a missing part (KeyError), a part of the wrong
    # kind (AttributeError, TypeError, ValueError), broken XML (LxmlError), cut data (BadZipFile, zlib.error), an
    # unknown compression (NotImplementedError, a RuntimeError as is the error for an encrypted entry). Not seen,
    # but zipfile lets them pass: EOFError, struct.error.
    damage = (
        OpcError, PythonDocxError, etree.LxmlError, zipfile.BadZipFile, LookupError, AttributeError, TypeError,
        ValueError, RuntimeError, EOFError, zlib.error, struct.error,
    )  # fmt: skip
    _refuse_old_word(data, id)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            # zipfile never unpacks more of an entry than it declares, so that the declared sizes are a bound.
            unpacked = sum(entry.file_size for entry in package.infolist())
    except damage as error:
        raise BadDocument(id, "The DOCX is damaged", "Open it in a word processor and save it again") from error
    if unpacked > MAX_UNPACKED:
        problem = f"The DOCX unpacks to {unpacked // 1_000_000:,} MB, more than a document should"
        raise BadDocument(id, problem, "Remove its pictures, or save its text as a .txt file")
    try:
        document = docx.Document(io.BytesIO(data))
        body, properties = document.element.body, document.core_properties
        title = plausible_title(properties.title) or _heading(document)
        author = plausible_author(properties.author)
    except damage as error:
        raise BadDocument(id, "The DOCX is damaged", "Open it in a word processor and save it again") from error
    if body is None:
        raise BadDocument(id, "The DOCX is damaged: it has no body", "Open it in a word processor and save it again")
    return Extract(text="\n".join(_block_lines(body)), title=title, author=author, warnings=_docx_warnings(body))


def _refuse_old_word(data: bytes, id: str) -> None:
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        return
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise BadDocument(id, "The DOCX is protected with a password", "Save a copy of it without the password")
    raise BadDocument(id, "It is an old Word document under the name of a DOCX", "Save it as .docx in a word processor")


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _block_lines(parent: Any) -> Iterator[str]:
    # Not iter_inner_content(), which leaves out what stands in content controls and in tracked insertions.
    for child in parent:
        name = _name(child)
        if name == "p":
            yield _paragraph(child)
        elif name == "tbl":
            for row in child.xpath("./w:tr | ./w:sdt/w:sdtContent/w:tr"):
                yield "\t".join(_cell(cell) for cell in row.xpath("./w:tc | ./w:sdt/w:sdtContent/w:tc"))
        elif name in _WRAPPERS:
            yield from _block_lines(child)


def _cell(cell: Any) -> str:
    return " ".join(line.replace("\n", " ").replace("\t", " ") for line in _block_lines(cell) if line)


def _paragraph(paragraph: Any) -> str:
    signs = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
    # The paragraphs of a text box stand inside a run of this one.
    parts = [part for part in paragraph.xpath(_RUN_PARTS) if next(part.iterancestors(paragraph.tag)) is paragraph]
    return "".join(signs.get(_name(part)) or part.text or "" for part in parts)


def _heading(document: WordDocument) -> str | None:
    for paragraph in document.paragraphs:
        style = paragraph.style
        if style is not None and (style.name or "").startswith(("Title", "Heading")) and paragraph.text.strip():
            return one_line(paragraph.text)
    return None


def _docx_warnings(body: Any) -> tuple[str, ...]:
    found = {
        "footnotes": body.xpath(".//w:footnoteReference | .//w:endnoteReference"),
        "text boxes": body.xpath(".//w:txbxContent//w:t"),
    }
    return tuple(f"The {what} of the DOCX are not part of the text." for what, elements in found.items() if elements)


# ── What office programs write where a title or an author should be ──────────────────────────────────────────────────

_PROGRAM_TITLE = re.compile(
    r"(untitled|unbenannt|sans (nom|titre)|no title|title|word document|document|slide|powerpoint presentation)?"
    r"[\s\-_.\d]*"
    r"|microsoft (word|powerpoint|excel|office)\b.*"
    r"|\S+\.[a-z][a-z0-9]{1,8}|.+\.(docx?|pdf|odt|rtf|txt|html?|tex|dvi|ps|indd|qxd|pptx?|xlsx?|pages|wpd|md)",
    re.IGNORECASE,
)
_PROGRAM_AUTHOR = re.compile(
    r"python-docx|apache poi|(microsoft office |windows |ms )?user|author|admin(istrator)?|unknown|anonymous|owner"
    r"|root|[\d\W]*",
    re.IGNORECASE,
)


def plausible_title(value: object) -> str | None:
    """A title from a file's properties; None where it is a file's name or a program's default."""
    title = one_line(value)
    return None if title is None or _PROGRAM_TITLE.fullmatch(title) else title


def plausible_author(value: object) -> str | None:
    """An author from a file's properties; None where it is a program's default."""
    author = one_line(value)
    return None if author is None or _PROGRAM_AUTHOR.fullmatch(author) else author
