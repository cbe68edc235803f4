"""Every word of the page, in one place, so that it can be translated. Templates are filled with `str.format`.

Who speaks in a passage is worded in `assistant/badge.py`, and what a perspective has to say in `assistant/states.py`,
for every way out of the program.
"""

from __future__ import annotations

from assistant import By, Check, Fault, Finding, Part, RowType, Stance
from assistant.states import SAID as SAID
from index import Provenance

NAME = "Parallax"
ASK_TAB, SIDES_TAB, GLANCE_TAB, LIBRARY_TAB = "Ask", "Perspectives", "Overview", "Library"

# Asking

CHAT = "Conversation"
DROP = "Add documents"
BOX = "Your question"
BOX_HINT = "Ask the documents a question…"
WELCOME = "What do the sources say?"
WELCOME_MORE = "Every answer rests on exact passages, each with its source and where that source stands."
NEW = "New question"
FILTERS = "Filters"
THE_AUTHORS = "the authors themselves"
SINCE, UNTIL = "from {date} on", "until {date}"
FROM, TO = "Published from", "Published until"
SPEAKS_IN = "speaks in {documents}"
NOTHING_FITS = "Nothing fits this."
MORE_FIT = "and {count} more: type to find them"
NO_TIME = "This lies before “Published from”, so nothing would be searched."
FILTERS_GONE = "No longer in the corpus, and so taken out of the filters: {names}."
NARROW = {
    "heading": FILTERS,
    "clear": "Clear all",
    "clearName": "Clear all filters",
    "perspectives": "Perspectives",
    "perspectivesHint": "Search only what is ticked",
    "noneTicked": "Nothing is ticked, so all of them are searched.",
    "documents": "Documents",
    "documentsHint": "All; find by title or path",
    "documentsFit": "Documents that fit",
    "speakers": "Speakers",
    "speakersHint": "All; find by name",
    "speakersFit": "Speakers who fit",
    "since": FROM,
    "until": TO,
    "date": "2024-05",
    "remove": "Take out of the filters",
    "full": "No more can be chosen.",
    "lost": "The filters could not be looked up. Is Parallax still running?",
}
BLIND = "Blind reading"
BLIND_HINT = "Hide where the sources stand until you ask"
STOPPED = "You stopped this answer. What stands above was verified by then."
STOPPED_EMPTY = "You stopped this answer. Nothing was verified by then."
BROKEN = "Something went wrong inside Parallax. The terminal in which it runs says what; you may ask again."

# Answers

SEARCHING = "Searching…"
DIGEST = "Passages that bear on your question. No text was generated."
GENERATED = "Written by {model} from the passages cited; every sentence was checked against them."
WRITING = "Being written by {model}. A sentence appears once it was checked against its quotes."
QUOTES = "Quotes ({count})"
GROUP = "Group {number}"  # a perspective while its label is hidden
A_SIDE = "one side"
HIDDEN = "[label hidden]"
OF_BEFORE = "Labels have changed since. This answer shows those that it was given with."
WITH_LABELS_OF_NOW = "Ask again with those of now"
REVEAL = "Show where these sources stand"
NOT_IN_CORPUS = "No passage was found that answers this question."
NEAREST = "The nearest passages"
NO_NEAREST = "No passage comes near it."
QUERY = "searched as:"
AS_TYPED = "search as I typed it"
SPELLINGS = "also searched:"
TRAIL_SEARCHED = "searched {perspectives}"
TRAIL_NOTHING = "no passage cited"
TRAIL_CHECKED, TRAIL_REMOVED = "{sentences} checked", ", {count} removed"
TRAIL_SECONDS = "{seconds}\u00a0s"
TRAIL_FOUND = "searched {perspectives} · {found} looked at"
TRAIL_VERIFIED = " · {sentences} verified"
SHARES = "Of the cited words:"
SHARE = "{share}\u00a0%"
BALANCE_MEANS = "(1 would be as many cited words from each of them)"
CLOSEST = "closest passage:"
NOT_CITED = "has something on this that is not cited:"
SILENT = "No passage found from"
SAVE_WHO_CLAIMS_IT = " (beside what calls itself so)"
ALL_BUT = "all perspectives but {sides}"
SOME_SIDES = "some of the sides"
SEARCHED_ONLY = "Searched only:"
LIFT = "Search again without:"
LIFT_ALL = "search everything"
OFFER_ALL = "Search everything instead"
REMOVED = "{count} removed for want of proof"
TO_TABLE = "Compare side by side"
TO_AGREE = "Agree, dispute, missing"
NEXT = {"heading": "You may go on to ask"}
NEUTRAL = "The question that leaves it open:"
NEUTRAL_SEARCHED = "The question that leaves it open, searched as well:"
PREMISE = "About the question itself:"
END = "End of the answer."
PROBLEM = "This question could not be answered."

MATCHES = {
    "exact": "word for word",
    "normalised": "word for word, but for quotation marks, dashes or spaces",
    "repaired": "word for word, but for a slip of the pen",
}
PROVENANCES = {
    Provenance.CURATED: "label given by {by}",
    Provenance.SELF_DECLARED: "label is the document’s own",
    Provenance.INFERRED: "label guessed by a machine, not confirmed",
    Provenance.UNKNOWN: "nobody has said where this source stands",
}
SOMEBODY = "a person"

# The claim table

TABLE_CAPTIONS = {
    By.PERSPECTIVES: "What the perspectives have on this question, point by point",
    By.VOICES: "What the speakers have on this question, point by point",
}
TABLE_POINT = "Point"
TABLE_QUESTION = "The question itself"
TABLE_EXTRACTIVE = (
    "Exact quotes, put beside one another by code. Nobody has judged who is right, or whether they disagree."
)
TABLE_GENERATED = (
    "The rows below the question were proposed by {model}. Every quote stands in its document, and every cell was "
    "checked; what kind of dispute a row is, is the model’s reading."
)
TABLE_CELL, TABLE_CELLS = "cell or row", "cells or rows"
BAD_TABLE = "This link does not lead to a table."
TABLES_BUSY = "Too many tables are being made at once. Try again in a moment."
PARTS = {
    Part.AGREE: "Where the sources agree",
    Part.DISPUTE: "Where they dispute",
    Part.OPEN: "Not judged",
}
PARTS_MEAN = {
    Part.AGREE: "Numbers that several sides give alike, found by code{model}.",
    Part.DISPUTE: "Numbers, dates and names that differ, found by code{model}.",
    Part.OPEN: "Several sides have something on these points. Nobody has judged whether they agree.",
}
PARTS_MODEL = ", and what a model reads so and the quotes bear out"
PARTS_NONE = {
    Part.AGREE: "None was found.",
    Part.DISPUTE: "None was found.",
}
MISSING = "What is missing"
MISSING_MEANS = "Sides that are silent on the question or only touch it, and points that only one side has."
MISSING_NONE = "Every side is cited, and no point was found that only one of them has."
ALONE = "Only here:"
NOT_FROM = "No passage found from"
ALSO_ON = "Also on this:"
STANCES = {
    Stance.QUOTED: "in own words",
    Stance.ASSERTS: "asserts it",
    Stance.DENIES: "denies it",
    Stance.REPORTS: "only reports somebody else",
    Stance.SILENT: "no passage found",
}
SIGNS = {Stance.QUOTED: "❝", Stance.ASSERTS: "＋", Stance.DENIES: "－", Stance.REPORTS: "↪", Stance.SILENT: "∅"}
ROW_TYPES = {
    RowType.NOT_JUDGED: "",
    RowType.FACT: "Dispute of fact",
    RowType.VALUE: "Dispute of value",
    RowType.WORDING: "Dispute of wording",
    RowType.RESPONSIBILITY: "Dispute of responsibility",
    RowType.AGREEMENT: "Agreement from opposed sides",
}
GIVEN = {
    "curated": "labelled by a person",
    "self-declared": "the document’s own label",
    "inferred": "guessed by a machine, not confirmed",
    "unknown": "nobody has said where it stands",
}
TABLE = {
    "region": "Sides beside one another",
    "back": "Back",
    "back_to": "Back to the answer",
    "columns": "Columns",
    "form": "Form",
    "asTable": "Table",
    "asAgree": "Agree, dispute, missing",
    "stop": "Stop",
    "stopping": "Stopping…",
    "perspectives": "Perspectives",
    "voices": "Speakers",
    "download": "Download",
    "csv": "CSV",
    "md": "Markdown",
    "json": "JSON",
    "file": "side-by-side",
    "working": "Looking for what each side has…",
    "failed": "The table could not be fetched. Is Parallax still running?",
}

# The passage panel. Read by its script.

PANEL = {
    "sources": "Sources in this answer",
    "empty": "Click a numbered passage to read it in its document.",
    "noSources": "No passage is cited in this answer.",
    "all": "All sources",
    "close": "Close the passage",
    "previous": "Previous passage",
    "next": "Next passage",
    "earlier": "Show earlier text",
    "later": "Show later text",
    "copyQuote": "Copy quote",
    "copyLink": "Copy link",
    "copied": "Copied",
    "byHand": "This browser does not let the page copy. The text is selected: copy it from here.",
    "loading": "Opening the passage…",
    "failed": "The passage could not be fetched. Is Parallax still running?",
    "region": "Passage and sources",
    "text": "Text of the document, with the name of whoever speaks where that is not its author",
    "also": "Passage {number} of this answer, cited here as well",
    "alsoHere": "Another of these quotes",
    "wrong": "Wrong speaker?",
    "target": "In these words:",
    "select": "Select others in the text, or go by sentences (there also with Shift and the arrow keys).",
    "steps": "Choose other words",
    "sentence": "Sentence",
    "previousSentence": "Previous sentence",
    "nextSentence": "Next sentence",
    "more": "Longer",
    "less": "Shorter",
    "theQuote": "Quote",
    "whoSpeaks": "Who speaks in them?",
    "isAuthor": "The author",
    "isNamed": "Somebody else",
    "isUnclear": "It cannot be told",
    "speaker": "Name of the speaker",
    "how": "How the words are given",
    "direct": "in the speaker’s own words",
    "indirect": "as reported",
    "by": "Your name, to stand beside it",
    "save": "Save",
    "saving": "Writing it into the labels file…",
    "lost": "It could not be sent. Is Parallax still running?",
    "undo": "Undo",
    "undoUntil": "until your labels file changes again, or Parallax or this panel is closed",
    "sides": SIDES_TAB,
    "labelCard": "See all labels",
    "whyLabel": "Why is this labelled so?",
    "wrongLabel": "Wrong label?",
    "choose": "This document stands for",
    "noSides": "No perspective has been named yet.",
    "onlyThis": "This document only",
    "scope": "What is to change",
    "writes": "It is written into your labels file, with your name and today’s date. Nothing is indexed again.",
    "looking": "Looking…",
    "update": "Update the index now",
    "updating": "Updating the index…",
    "rests": "It rests on these words:",
    "restsOnNothing": "No words of the document were given for it.",
    "answer": "Answer",
    "arrived": "The answer has arrived. Passages cited: {count}.",
    "chat": CHAT,
    "drop": DROP,
    "question": "Question",
    "ask": "Ask",
    "stop": "Stop",
    "moreTabs": "More tabs",
}
FINDINGS = {
    Finding.SAME: "",
    Finding.SHIFTED: "This document has changed. The quote stands in another place now, between the same words.",
    Finding.ELSEWHERE: "This document has changed elsewhere. The quote stands where it did, between the same words.",
    Finding.BESIDE: "This document has changed right beside the quote, whose own words are the same. Read them there.",
    Finding.SEVERAL: "This document has changed. The words of the quote stand in several places of it; which was "
    "meant cannot be told.",
    Finding.ABSENT: "This quote no longer stands in this document, which has changed since it was cited.",
    Finding.GONE: "This quote no longer stands in this document, which is gone or can no longer be read.",
    Finding.UNTRUE: "There is no such quote in this document.",
}
# An answer may be an earlier one, and the index newer than it: nothing is said here of when that was made.
CHECKS = {
    Check.EXACT: "",
    Check.MOVED: "The document has changed since this was taken from it; these words still stand there.",
    Check.CHANGED: "The document has changed since this was taken from it; these words still stand there.",
    Check.FAILED: "This quote no longer stands in its document, which has changed since, or is gone.",
}
GONE = "This document is no longer in the index."
BAD_LINK = "This link does not lead to a passage."
PAGE = "page {page}"
PLACE = "line {line} of {document} (characters {start}–{end})"
CORRECTED = "Written into your labels file. Who speaks in these words now: {voice}. The next answer follows it."
NO_SPEAKER = "Name who speaks, or say that it cannot be told."
NOT_AS_INDEXED = "The file has changed since it was opened or indexed. Update the index, then open it anew."
TOO_LONG = "These are too many words for one correction. Choose fewer."
STALE = (
    "The file is newer than the index. Until that is updated, nobody who speaks in it is named, and nothing in it can "
    "be corrected."
)
STALE_WATCHED = STALE + " The folder is being watched, so that this happens by itself in some seconds."
REINDEXED = "The index is up to date: {plan}."
STANDS_FOR = "This document stands for {sides} now. Answers that you have keep their label; the next one follows."
STANDS_FOR_NONE = "This document has no label now. Answers that you have keep theirs; the next one follows."
TAKEN_BACK = "Taken back: your labels file is as it was before."
RESIDUE = "left by a web page, of nobody"

CHECK_NAMES = {
    Check.EXACT: "exact",
    Check.MOVED: "moved",
    Check.CHANGED: "changed",
    Check.FAILED: "failed",
}

# What readers say of answers

WAS_USEFUL, YES, NO = "Was this answer useful?", "Yes", "No"
FAULTS = {
    Fault.VOICE: "wrong voice",
    Fault.LABEL: "wrong label",
    Fault.CONTEXT: "quote out of context",
    Fault.MISSING: "sources missing",
    Fault.ONE_SIDED: "one-sided",
}
SAID_TOO_MUCH = "At most {most} characters are kept."
NOT_KEPT = "This answer is not kept, so nothing can be said of it."
FEEDBACK = {
    "useful": "Yes, this answer was useful",
    "notUseful": "No, this answer was not useful",
    "thanks": "What was good about it?",
    "wrong": "What is wrong with it?",
    "stays": "Kept beside the answer on the machine where Parallax runs, and sent nowhere.",
    "reason": "A reason, if you like",
    "own": "In your own words",
    "optional": "Optional",
    "save": "Save",
    "close": "Without a reason",
    "back": "Take it back",
    "lost": "This could not be sent. Is Parallax still running?",
}

# Asking in other words

EDIT = {
    "edit": "Edit question {number}",
    "last": "When you send it, it takes the place of your last question and its answer.",
    "earlier": "When you send it, it takes the place of question {number}; what follows there goes out of this view.",
    "kept": "The conversation as it was stays in the list.",
    "cancel": "Leave it as it was",
}

# Conversations that are kept

SAVED = "Saved on {when} UTC"
SAVED_CHECKED = " · checked again now: {proven}"
SAVE = "Save this answer:"
FORMATS = {"md": "Markdown", "html": "HTML", "json": "Verifiable bundle"}
NO_HISTORY = "Conversations are not kept: Parallax was started so."
UNREADABLE = "This answer cannot be shown: what was kept of it is no answer of this version of Parallax."
HISTORY_FULL = "The history takes at most {most} MB: {conversations} that had not been used for longest made room."
HISTORY = {
    "region": "Earlier conversations",
    "heading": "Conversations",
    "search": "Search questions and answers",
    "none": "Nothing was asked yet.",
    "notFound": "Nothing was found.",
    "question": "question",
    "questions": "questions",
    "rename": "Rename",
    "delete": "Delete",
    "sure": "Delete for good",
    "title": "Name of the conversation",
    "lost": "Conversations could not be fetched. Is Parallax still running?",
    "saveAll": "Save this conversation:",
    "notSaved": "This answer is not kept, and cannot be saved.",
    "file": "parallax-answer",
    "files": "parallax-conversation",
}

# Watched questions

WATCH_THIS = "Watch this question"
NO_WATCH = "Questions cannot be watched: Parallax was started so."
WATCH = {
    "region": "Watched questions",
    "heading": "Watched",
    "shared": "Asked again after each update; everybody who reads here sees them.",
    "new": "new",
    "none": "Nothing changed yet.",
    "stop": "Stop watching",
    "sure": "Stop for good",
    "added": "This question is watched now.",
    "lost": "Watched questions could not be fetched. Is Parallax still running?",
}

# The perspectives

CLAIMS = "calls itself “{label}”; nobody has confirmed it"
LINE = "line {line}"
NOT_THERE = "these words do not stand in this document"
WITHOUT = "{documents} without a label"
RELABELLED = "{document} has another label now. The next answer follows it."
DESCRIBED = "“{label}” is what this perspective is called now."
CONFIRMED = "{labels} confirmed."
TERM_COUNT = "{times} in {documents}"
TERM_OTHERS = "others write: {others}"
TERM_MORE = "and {count} more"
NOT_UNDERSTOOD = "This was not understood, and nothing was changed. Load the page again."
LABELS = {
    "intro": "What each side is called, which documents stand for it, who says so, and on what words that rests. "
    "Dispute a label where it stands: it is written into your labels file, and the next answer follows it.",
    "by": "Your name, to stand beside the labels you give",
    "add": "New perspective",
    "confirmAll": "Confirm all guessed labels",
    "confirm": "Confirm this label",
    "edit": "Edit",
    "change": "Change the label",
    "save": "Save",
    "cancel": "Cancel",
    "name": "Name",
    "description": "What it stands for",
    "choose": "It stands for",
    "none": "No perspective",
    "noDocuments": "No document stands for it yet.",
    "noCards": "No perspective has been named yet.",
    "working": "Writing…",
    "lost": "The change could not be sent. Is Parallax still running?",
    "more": "Show more",
    "of": "of",
    "changed": "Other labels hold now",
    "terms": "Words that only this side uses for a thing",
    "termsWorking": "Reading every passage…",
    "noTerms": "None was found. Words count only where a side writes them twice or more in its own voice, and no other "
    "side does.",
}

# The corpus at a glance

MAP_ALL = "All {passages} are on the map."
MAP_SHOWN = "{shown} of {passages} are on the map, of every document in turn."
DATED = "{documents} with a date."
DATED_SHOWN = "{shown} of {documents} with a date, evenly taken."
UNDATED = "{documents} without a date"
SPEAKERS_SHOWN = "The {shown} of {speakers} who are quoted on most sides, then most often."
NO_OUTLET = "no outlet named"
GLANCE = {
    "intro": "What the corpus holds, before any question is asked. Everything here opens where it stands.",
    "sides": "Perspectives",
    "oneAtLeast": "At least one perspective has to stay. Tick another one first.",
    "map": "Passages by meaning",
    "mapMeans": "Passages that lie together say something alike; words that many of them share, and few elsewhere, are "
    "written there. Directions and distances across the map mean nothing.",
    "mapPicture": "Map of the passages by meaning. The list below holds the same passages.",
    "mapList": "The passages of the map as a list",
    "timeline": "Documents by date",
    "timelinePicture": "Timeline of the documents by date and perspective. The list below holds the same documents.",
    "timelineMeans": "A hollow sign with a line is known to the month or the year only: it may be any day of the line.",
    "timelineList": "The documents of the timeline as a list",
    "quoting": "Who quotes whom",
    "quotingMeans": "How often the words of somebody who is named are quoted or reported, as far as rules of English "
    "find it. Names alike are taken for one speaker.",
    "quotingPicture": "Who quotes whom. The table below holds the same numbers.",
    "quotingTable": "The same as a table",
    "by": "Quoted by",
    "perspectives": "perspectives",
    "outlets": "outlets",
    "documents": "documents",
    "speaker": "Speaker",
    "passage": "Passage",
    "document": "Document",
    "date": "Date",
    "quotesOf": "{speaker} in {column}",
    "more": "Show more",
    "of": "of",
    "working": "Being computed, once for this state of the index…",
    "nothing": "There is nothing to show here.",
    "noQuotes": "Nobody is quoted by name here.",
    "undrawn": "The picture cannot be drawn in this browser. Its list is complete.",
    "lost": "This could not be fetched. Is Parallax still running?",
    "blind": "You are reading blind. This tab shows where the sources stand.",
    "reveal": "Show it all the same",
}

# The library

UPDATE = "Update the index"
CHECK = "Look for changes"
NOTHING_TO_DO = "Everything is indexed. Drop files here to add them ({kinds})."
ONLY_FAILED = "Everything is indexed but {documents} that could not be read. The table says why."
PLAN = "{plan} · press “Update the index” to do it; until then nothing is changed."
STARTING = "Starting…"
FOLLOW = "Have the index follow the folder"
REPLICA = "replica of {origin}, published {published}; documents and labels are changed where it was made"
REMOVE_MOVES = "Its file is moved to {to} in the corpus. Nothing is destroyed: it can be put back from the list below."
REMOVE_PASSAGES = "What the index holds of it ({passages}) is taken out, and no answer cites it any more."
REMOVE_NO_PASSAGES = "No passage of it is in the index."
REMOVE_HEIR = "{heir} has the same text, and is searched in its place."
REMOVE_ALSO = "What else has changed in the folder is indexed as well: {plan}."
NO_SUCH_DOCUMENT = "This is no document of the corpus. Load the page again."
DONE = "Done in {seconds} s: {plan}. {passages} in the index."
FAILED = "{documents} could not be read; the rest is indexed."
REPLACE = "Replace documents of the same name"
LIMITS = (
    "At most {files} files at a time, {megabytes} MB each, {total} MB together: {kinds}. A document that is replaced "
    "is kept aside."
)
TURNED_AWAY = {
    "tooLarge": "was not uploaded. It is larger than {megabytes} MB: put it into the corpus folder by hand.",
    "tooMany": "was not uploaded. At most {files} files are added at a time: drop it once more later.",
    "tooMuch": "was not uploaded. With it, more than {total} MB would be added at a time: drop it once more later.",
}
UPLOAD_UNSAID = "An upload has to say how long it is."
UPLOAD_TOO_LARGE = (
    "More than {megabytes} MB were dropped at a time. Drop fewer files, and the rest when they are indexed."
)
UPLOAD_WAITING = "More than {megabytes} MB wait to be added already. Update the index first, or try again in an hour."
UPLOAD_MANY = "More than {files} files wait to be added already. Update the index first, or try again in an hour."
UPLOAD_SILENT = "Nothing of this upload came any more. Drop the files once more."
UPLOAD_BROKEN_OFF = "This upload was broken off."
UPLOAD_FULL = "There is no room: less than {megabytes} MB would be left free on the disk. Free some space first."
NOTHING_TO_ADD = "None of these files will be added."
NOT_DROPPED = "It is not a file that was dropped here"
AND_MORE = "and {count} more"
BECOMES = {
    "new": "becomes a new document",
    "beside": "a document has this name already: becomes {to} beside it",
    "replaces": "replaces the document of this name, which is moved to .parallax/removed",
    "same": "will not be copied: {to} holds the same",
    "refused": "will not be added. {problem}",
}
SIGNS_OF_FILES = {"new": "+", "beside": "+", "replaces": "~", "same": "=", "refused": "✕"}
ON_DISK = {
    "new": "new in the folder",
    "edited": "changed in the folder, or read anew",
    "renamed": "is called {to} now",
    "deleted": "gone from the folder: leaves the index",
    "retried": "could not be read: is tried again",
}
DISK_SIGNS = {"new": "+", "edited": "~", "renamed": "→", "deleted": "-", "retried": "↻"}
WATCHED = {
    "watching": "Watching the folder: what changes in it is indexed some seconds later.",
    "settling": "Files have changed in the folder. The index follows as soon as they are left alone.",
    "updating": "The folder has changed, and the index follows.",
    "waiting": "The folder has changed. The index follows when the update that is running has finished.",
    "empty": "Every document is gone from the folder. The index does not follow this by itself: if it is meant, press "
    "“Update the index”.",
    "failed": "The index could not follow the folder, which is tried again later. {problem}",
}
FOLLOWED = "Last: {plan}."
FOLLOWED_FAILED = "{documents} could not be read."
LIBRARY = {
    "refused": "These files could not be uploaded. The server, or what stands in front of it, did not take them.",
    "corpus": "Corpus",
    "documents": "documents",
    "document": "document",
    "passages": "passages",
    "passage": "passage",
    "filter": "Find a document",
    "anyState": "In every state",
    "more": "Show more",
    "shown": "shown",
    "none": "No such document is listed.",
    "becomes": "What becomes of each file",
    "working": "Updating the index",
    "of": "of",
    "documentsDone": "documents",
    "rate": "passages/s",
    "left": "left",
    "minutes": "min",
    "seconds": "s",
    "heads": ["Document", "State", "Perspective", "Date", "Passages", "Language", "Remarks", "Actions"],
    "retry": "Try again",
    "remove": "Delete",
    "removing": "Delete this document?",
    "confirm": "Delete it",
    "cancel": "Keep it",
    "lost": "This could not be sent. Is Parallax still running?",
}
REMOVED_FILES = "Deleted here and kept aside: {files}"
NOT_REMOVED = "This is no file that was deleted here. Load the page again."
LOSS_FILE = "The file that was kept aside since {on} ({size}) is destroyed. It cannot be put back then."
LOSS_HELD = "The corpus holds the same in {held}; that stays."
LOSS_ALL = "The corpus holds no copy of it: what it says is lost."
LOSS_ANSWERS = "Saved answers that cite it keep their quotes, which can no longer be checked against it."
ASIDE = {
    "on": "deleted on",
    "back": "Put back",
    "delete": "Delete for good",
    "destroying": "Delete this file for good?",
    "confirm": "Delete for good",
    "cancel": "Keep it",
    "more": "Show more",
    "lost": "This could not be sent. Is Parallax still running?",
}
NOW = {
    "current": "indexed",
    "changed": "changed on disk",
    "gone": "gone from disk",
    "new": "not indexed yet",
    "failed": "failed",
    "duplicate": "duplicate",
}

# Several corpora

TITLE = "{corpus} · Parallax"
NO_SUCH_CORPUS = "No corpus is open at this address. There are:"
CORPORA = {"region": "Corpus"}

# The page itself

PORT_TAKEN = "Port {port} on {host} is taken by another program. Choose another one with: parallax chat --port {other}"
HOST_UNUSABLE = "The address {host} cannot be used ({problem}). Choose one of this machine with: parallax chat --host"
OPEN_TO_ALL = (
    "Whoever can reach {host} can read these documents and change their index, since no --auth was given; choose "
    "a name: parallax chat --auth NAME"
)
LOG_IN, LOG_OUT = "Log in", "Log out"
USER, PASSWORD = "Name", "Password"
LOG_IN_FIRST = "Log in first."
WRONG_LOGIN = "This name and password do not fit."
NO_LOG_IN = "Nobody can log in at the moment. The terminal in which Parallax runs says why."
USERS_UNREADABLE = "{file} cannot be read ({problem}). Add somebody to it with: parallax user NAME {file}"
USERS_UNWRITABLE = "{file} cannot be written ({problem}). Choose another place for it."
USERS_OPEN = "{file} can be read by others than its owner. Change that with: chmod 600 {file}"
USERS_TOO_LONG = "{file} is too long to be a file of users. Make a new one with: parallax user NAME FILE"
USERS_NOBODY = "{file} names nobody. Add somebody with: parallax user NAME {file}"
USERS_LINE = "{file}, line {number}: this is no line that parallax user wrote. Take it out, or write it anew."
USERS_TWICE = "{file}, line {number}: {name} stands in line {other} already. Take one of them out."
USERS_NAME = "A name has at most a hundred characters, no colon, and begins and ends with none that is blank or #."
LOCKED_OUT = "Too many tries failed. Wait {minutes} minutes, then try again."
NOTHING_HERE = "There is nothing at this address."
REQUEST_TOO_LONG = "This request is too long."
WRONG_HOST = "This page answers only under the address at which it was started."


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(count: int) -> str:
    """A number of bytes, rounded."""
    for unit, bytes in (("MB", 1_000_000), ("KB", 1_000)):
        if count >= bytes:
            return f"{count / bytes:,.1f} {unit}"
    return f"{count} bytes"


def alike(documents: int, outlet: str) -> str:
    """The other documents of an outlet that stand where one does, to be changed with it."""
    stand = "stands" if documents == 1 else "stand"
    return f"And the {count(documents, 'other document')} of {outlet} that {stand} where this one does"
