"""A request in, on to the routes if it may; else a sentence. Nothing of its body is read here."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.doors import tokens
from assistant.doors.problems import Problem
from assistant.doors.tokens import Bearer, Tokens

LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
_OPEN = ("/healthz", "/readyz", "/openapi.json")  # tell nothing of the corpus
_WRONG_HOST = Problem(421, "wrong_host", "This service answers under the name of its own machine only.")
_WRONG_ORIGIN = Problem(403, "wrong_origin", "This service does not answer pages of other sites.")
_NO_TOKEN = Problem(401, "no_token", "Send a token, as the header Authorization: Bearer TOKEN.")
_BAD_TOKEN = Problem(401, "unknown_token", "This token is not known here, or was taken back.")


class Gate:
    """Stands in front of all routes: the name of the host, the site that a request comes from, and the token."""

    def __init__(self, app: ASGIApp, known: Tokens | None, only_local: bool) -> None:
        """Set up.

        Args:
            known: who is let in; None for everybody who can reach the service.
            only_local: refuse requests under another name than this machine's own, so that no website can have its
                name point here and read the corpus.
        """
        self._app, self._known, self._only_local = app, known, only_local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and (problem := self._refused(scope)):
            await problem.response(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refused(self, scope: Scope) -> Problem | None:
        """Why a request is not let through; where it is, who asks is noted in it, for the limits."""
        client = scope.get("client")
        scope["parallax.caller"] = f"address {client[0] if client else 'unknown'}"
        if self._only_local and _name(_header(scope, b"host")) not in LOCAL:
            return _WRONG_HOST
        origin = _header(scope, b"origin")
        if self._only_local and origin and _name(urlsplit(origin).netloc) not in LOCAL:
            return _WRONG_ORIGIN  # any page can send a form to this machine, without being able to read the answer
        enough = _enough(scope["method"], scope["path"])
        if self._known is None or not enough:
            return None
        kind, _, token = _header(scope, b"authorization").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            return _NO_TOKEN
        bearer = self._known.bearer(token.strip())
        if bearer is None:
            return _BAD_TOKEN
        scope["parallax.caller"] = f"token {bearer.name}"
        return _missing(bearer, enough)


def _enough(method: str, path: str) -> tuple[tokens.Scope, ...]:
    """The scopes one of which a request needs; none where it needs none."""
    if path in _OPEN:
        return ()
    if path == "/metrics":
        return (tokens.Scope.METRICS,)
    if path == "/v1/update":
        return (tokens.Scope.READ, tokens.Scope.ADD)  # whoever adds documents is told there what came of it
    reads = method in ("GET", "HEAD") or not path.startswith("/v1/documents")
    return (tokens.Scope.READ,) if reads else (tokens.Scope.ADD,)


def _missing(bearer: Bearer, enough: tuple[tokens.Scope, ...]) -> Problem | None:
    if bearer.scopes.intersection(enough):
        return None
    return Problem(403, "scope_missing", f"This token is not for this: it needs the scope {' or '.join(enough)}.")


def _header(scope: Scope, name: bytes) -> str:
    return dict(scope["headers"]).get(name, b"").decode("latin-1")


def _name(host: str) -> str:
    """The name of a host without its port."""
    name = host[: host.rindex("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    return name.lower()
