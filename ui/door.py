"""A name and a password in, a session out: whoever has none is shown the log-in page and nothing else.

The door stands in front of the whole application, Gradio's routes and ours. Sessions and failed tries are kept in
memory: a restart ends them.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, quote, unquote

from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui import words
from ui.users import Secret, Users, UsersError

_LOG = logging.getLogger(__name__)

_COOKIE = "parallax-session"
_LASTS = 12 * 3600  # seconds of a session
_SESSIONS = 1_000  # kept at once; the oldest is ended
_TRIES = {"address": 5, "user": 20}  # failed in a row before a lock-out
_LOCKED = 300  # seconds of a lock-out
_COUNTED = 10_000  # addresses and names whose tries are counted; the oldest are forgotten
_BODY = 10_000  # bytes of a log-in; a longer one is refused
_HASHED_AT_ONCE = 2  # each takes 16 MB

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<link rel="icon" href="data:,"><style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 22rem; margin: 15vh auto; padding: 0 1rem; }}
label, input, button {{ display: block; width: 100%; box-sizing: border-box; font: inherit; }}
input, button {{ padding: .5rem .75rem; margin: .25rem 0 1rem; }}
</style></head><body><main><h1>{title}</h1>{says}
<form method="post">{fields}<button>{button}</button></form></main></body>
</html>"""
_FIELDS = (
    f'<label for="user">{words.USER}</label><input id="user" name="user" autocomplete="username" required autofocus>'
    f'<label for="password">{words.PASSWORD}</label>'
    '<input id="password" name="password" type="password" autocomplete="current-password" required>'
)


class Credentials:
    """The one name and password that are let in; of the password only a salted hash is kept."""

    def __init__(self, user: str, password: str) -> None:
        self._user, self._secret = user, Secret.of(password)

    def fit(self, user: str, password: str) -> bool:
        """Whether both are right. It takes as long for a wrong name as for a wrong password."""
        return self._secret.fits(password) and user == self._user

    def seal(self, user: str) -> bytes | None:
        """What a session of this user rests on; None for who is not let in."""
        return self._secret.hash if user == self._user else None


class Tries:
    """Counts failed tries, and locks an address or a name out for a time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: dict[tuple[str, str], tuple[int, float]] = {}  # how many, and when the last one was

    def begin(self, address: str, user: str) -> bool:
        """Whether this try is let through. It counts as failed until `succeeded`, so that many at once gain nothing."""
        now = self._clock()
        keys = self._keys(address, user)
        counts: list[int] = []
        for key in keys:
            count, last = self._failed.get(key, (0, now))
            counts.append(count if now - last < _LOCKED else 0)
        if any(count >= _TRIES[key[0]] for key, count in zip(keys, counts, strict=True)):
            return False
        for key, count in zip(keys, counts, strict=True):
            self._failed.pop(key, None)
            self._failed[key] = (count + 1, now)
        while len(self._failed) > _COUNTED:
            del self._failed[next(iter(self._failed))]
        return True

    def succeeded(self, address: str, user: str) -> None:
        """Forget the failed tries of both."""
        for key in self._keys(address, user):
            self._failed.pop(key, None)

    def _keys(self, address: str, user: str) -> tuple[tuple[str, str], ...]:
        return ("address", address), ("user", hashlib.sha256(user.encode(errors="replace")).hexdigest())


@dataclass(frozen=True, slots=True)
class _Session:
    """Somebody who was let in, until when, and what that rests on."""

    user: str
    seal: bytes | None
    ends: float


class Door:
    """Passes on what comes with a session, and answers everything else itself."""

    def __init__(
        self,
        app: ASGIApp,
        credentials: Credentials | Users,
        clock: Callable[[], float] = time.monotonic,
        pages: Sequence[str] = (),
    ) -> None:
        """Set up.

        Args:
            pages: paths, beside the root, from which a reader without a session is led to the log-in and back.
        """
        self._app, self._credentials, self._clock = app, credentials, clock
        self._pages = {page.rstrip("/") for page in pages} | {""}
        self._tries = Tries(clock)
        self._sessions: dict[str, _Session] = {}  # by the SHA-256 of its token
        self._hashing = asyncio.Semaphore(_HASHED_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        elif (response := await self._answer(scope, receive)) is None:
            await self._app(scope, receive, send)
        else:
            response.headers["cache-control"] = "no-store"
            await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response | None:
        path, method = scope["path"].rstrip("/"), scope["method"]
        session = _session(scope)
        if path == "/login":
            return await self._log_in(scope, receive) if method == "POST" else _login_page()
        if not self._is_open(session):
            self._sessions.pop(session, None)
            if method == "GET" and path in self._pages:
                return RedirectResponse(f"/login?to={quote(path, safe='')}" if path else "/login", 303)
            return PlainTextResponse(words.LOG_IN_FIRST, 401)
        if path == "/logout":
            return self._log_out(scope, session) if method == "POST" else _logout_page()
        return None

    async def _log_in(self, scope: Scope, receive: Receive) -> Response:
        body = await _body(receive)
        if body is None:
            return _login_page(words.WRONG_LOGIN, 413)
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20) if body.count(b"&") < 20 else {}
        user, password = (fields.get(name, [""])[0] for name in ("user", "password"))
        address = (scope.get("client") or ("", 0))[0]
        if not self._tries.begin(address, user):
            return _login_page(words.LOCKED_OUT.format(minutes=_LOCKED // 60), 429)
        try:
            async with self._hashing:
                fits = await asyncio.to_thread(self._credentials.fit, user, password)
        except UsersError as error:
            _LOG.error("Nobody can log in. %s", error)
            return _login_page(words.NO_LOG_IN, 503)
        if not fits:
            return _login_page(words.WRONG_LOGIN, 401)
        self._tries.succeeded(address, user)
        token = secrets.token_urlsafe(32)
        self._sessions[_digest(token)] = _Session(user, self._credentials.seal(user), self._clock() + _LASTS)
        while len(self._sessions) > _SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        asked = unquote(scope.get("query_string", b"").decode("latin-1").removeprefix("to="))
        response = RedirectResponse(f"{asked}/" if asked in self._pages else "/", 303)
        secure = scope.get("scheme") == "https"
        response.set_cookie(_COOKIE, token, max_age=_LASTS, httponly=True, samesite="strict", secure=secure)
        return response

    def _is_open(self, session: str) -> bool:
        """Whether a session is there, has not ended, and its user is let in by the same password still."""
        found = self._sessions.get(session)
        if found is None or found.ends <= self._clock() or found.seal is None:
            return False
        return found.seal == self._credentials.seal(found.user)

    def _log_out(self, scope: Scope, session: str) -> Response:
        self._sessions.pop(session, None)
        response = RedirectResponse("/login", 303)
        secure = scope.get("scheme") == "https"
        response.delete_cookie(_COOKIE, httponly=True, samesite="strict", secure=secure)
        return response


def _login_page(problem: str = "", status: int = 200) -> Response:
    says = f'<p role="alert">{escape(problem)}</p>' if problem else ""
    title = f"{words.NAME}: {words.LOG_IN}"
    return HTMLResponse(_PAGE.format(title=title, says=says, fields=_FIELDS, button=words.LOG_IN), status)


def _logout_page() -> Response:
    title = f"{words.NAME}: {words.LOG_OUT}"
    return HTMLResponse(_PAGE.format(title=title, says="", fields="", button=words.LOG_OUT))


def _session(scope: Scope) -> str:
    """The digest of the token that a request brings; of nothing where it brings none."""
    raw = "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
    try:
        found = SimpleCookie(raw).get(_COOKIE)
    except CookieError:
        found = None
    return _digest(found.value if found else "")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def _body(receive: Receive) -> bytes | None:
    """The body of a request; None where it is too long."""
    parts = b""
    while True:
        message = await receive()
        parts += message.get("body", b"")
        if len(parts) > _BODY:
            return None
        if not message.get("more_body") or message["type"] == "http.disconnect":
            return parts
