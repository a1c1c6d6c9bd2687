"""The client of an endpoint: one for each and process, with the key, certificates and proxies of the environment.

Whatever keeps it from being made, or from ever connecting, is told in the user's terms.
"""

from __future__ import annotations

import functools
import ipaddress
import os
import re
import unicodedata
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from synthgym.agents.endpoint.errors import ModelRefused
from synthgym.agents.endpoint.keys import KEY_VARIABLE
from synthgym.agents.endpoint.redaction import redact
from synthgym.base.errors import UserError
from synthgym.base.http_bodies import EndlessAnswer, bound
from synthgym.base.json_reading import MOST_BYTES

if TYPE_CHECKING:  # importing openai takes the better part of a second: only who calls a model pays
    import openai

OF_CONNECTIONS = "the base URL, SSL_CERT_FILE, HTTPS_PROXY and ALL_PROXY"
"""Where to look when nothing connects."""

LONGEST_TIMEOUT = 86_400.0
"""Seconds that may be waited for an endpoint: a day. Sockets cannot wait for ever."""

_IN_HEADERS = ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID")
"""Variables whose values the client sends in headers, beside the key."""

_NEVER_CONNECTS = re.compile(
    r"CERTIFICATE_VERIFY_FAILED|WRONG_VERSION_NUMBER|record layer failure|unknown protocol|UnsupportedProtocol"
    r"|LocalProtocolError|InvalidURL|TooManyRedirects|\b407\b|Proxy Authentication",
    re.I,
)
"""What no later attempt mends: certificates, https where http is spoken, a proxy that wants a password, circles."""


@functools.lru_cache(maxsize=8)
def open_client(base_url: str | None, key: str | None, timeout: float) -> openai.OpenAI:
    """One client an endpoint and process: connections are kept alive between calls.

    Args:
        base_url: The endpoint; None for OpenAI's own.
        key: Stays inside the client.
        timeout: Seconds without a byte.

    Raises:
        ModelRefused: There is no key, or one that no header can hold.
        Exception: Whatever the client says of certificates and proxies; see `why_no_client`.
    """
    import openai

    if not key and base_url is None:
        raise ModelRefused(
            f"no API key: set {KEY_VARIABLE}, or name an endpoint, as in chat:MODEL@http://127.0.0.1:8000/v1"
        )
    for name, value in [(KEY_VARIABLE, key), *((name, os.environ.get(name)) for name in _IN_HEADERS)]:
        _check_header(name, value or "")
    if not (base_url or "").startswith("http:"):
        _check_certificates()
    # A proxy meant for the outside world must not get calls to this very machine.
    outside = not (base_url and _is_loopback(base_url))
    http = openai.DefaultHttpxClient(trust_env=outside, event_hooks={"response": [_guarded(_LONGEST * timeout)]})
    return openai.OpenAI(api_key=key or "none", base_url=base_url, timeout=timeout, max_retries=0, http_client=http)


_LONGEST = 5
"""Times `timeout` that an answer may take in all: a server that works sends blanks to keep the line open."""

_MOST_OF_ERROR = 1 << 20
"""Bytes of an error that are read."""


class Elsewhere(Exception):
    """An endpoint sends its callers on to another one."""


def _guarded(seconds: float) -> Callable[[Any], None]:
    """A hook that has every answer end, and no conversation sent on to a machine that nobody named."""

    def hook(response: Any) -> None:
        failed = response.status_code >= 400
        bound(response, _MOST_OF_ERROR if failed else MOST_BYTES, seconds, cut=failed)
        if response.has_redirect_location:
            here = response.request.url
            there = here.join(response.headers["location"])
            if not _is_same(here, there):
                raise Elsewhere(f"{there.scheme}://{there.netloc.decode('ascii', 'replace')}")

    return hook


def _is_same(here: Any, there: Any) -> bool:
    """Whether two URLs are of one server; https is it too where http was asked for."""
    ports = {"http": 80, "https": 443}
    ends = [(url.scheme, url.host, url.port or ports.get(url.scheme)) for url in (here, there)]
    return ends[0] == ends[1] or ends == [("http", here.host, 80), ("https", here.host, 443)]


_SIGNS = {
    "\n": "a line break",
    "\r": "a line break",
    "\t": "a tab",
    " ": "a blank",
    '"': "a quotation mark",
    "'": "an apostrophe",
}


def _check_header(variable: str, value: str) -> None:
    """Raises `ModelRefused` for a value that no header can hold: mostly something was copied along with it."""
    for position, character in enumerate(value, 1):
        if character in _SIGNS or not "!" <= character <= "~":
            name = _SIGNS.get(character) or unicodedata.name(character, f"U+{ord(character):04X}").lower()
            raise ModelRefused(
                f"{variable}: expected letters, digits and signs; character {position} of {len(value)} is {name}"
            )


def _check_certificates() -> None:
    """Raises `ModelRefused` where the certificates to be believed are not there: then none is."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if value := os.environ.get(name):
            if not any(Path(each).exists() for each in (value, *value.split(os.pathsep))):
                raise ModelRefused(f"{name} is {value}, which is not there")
            return


def never_connects(error: Exception) -> bool:
    """Whether a connection that failed will fail every time."""
    cause = error.__cause__ or error
    return isinstance(cause, Elsewhere) or _NEVER_CONNECTS.search(f"{type(cause).__name__} {cause}") is not None


def how_it_failed(error: Exception) -> str:
    """What went wrong with a connection, and whether there was one."""
    cause = error.__cause__ or error
    if isinstance(cause, Elsewhere):
        return f"redirects to {redact(str(cause))}, where no conversation is sent unless it is named as the base URL"
    if isinstance(cause, EndlessAnswer):
        return str(cause)
    broke = type(cause).__name__ in ("ReadError", "RemoteProtocolError", "DecodingError", "CloseError")
    if type(cause).__name__ == "TooManyRedirects":
        return "redirected in circles"
    if broke:
        return f"the answer broke off ({redact(str(cause))})"
    return f"cannot connect{_proxy(error)} ({redact(str(cause))})"


def _proxy(error: Exception) -> str:
    """The proxy that stood between, by the variable that names it."""
    url = urlsplit(str(getattr(getattr(error, "request", None), "url", "")))
    host = url.hostname or ""
    proxies = urllib.request.getproxies_environment()
    kind = next((kind for kind in (url.scheme, "all") if kind in proxies), None)
    if kind is None or _is_loopback(url.geturl()) or urllib.request.proxy_bypass(host):
        return ""
    return f" through the proxy in {kind.upper()}_PROXY"


def why_no_client(error: Exception) -> str:
    """What kept a client from being made or a call from being sent, and where to look."""
    said = redact(f"{type(error).__name__}: {error}")[:300]
    if isinstance(error, UnicodeEncodeError):  # it holds the header, and says part of it
        said = f"a header cannot hold character U+{ord(error.object[error.start]):04X}; see OPENAI_ORG_ID and the like"
        if error.encoding.startswith("utf"):
            said = f"the conversation holds U+{ord(error.object[error.start]):04X}, which is no character"
    if "socksio" in said:
        return "a SOCKS proxy is set in ALL_PROXY or HTTPS_PROXY; it needs: pip install socksio"
    return f"{said}; see {OF_CONNECTIONS}"


def check_base_url(url: str | None) -> str | None:
    """The base URL as given, if it is one.

    Raises:
        UserError: It is no http(s) URL, or holds a key: URLs are recorded, keys must not be.
    """
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # not shown: who knows what it holds
        raise UserError(
            "base URL: no host and port can be read from it; expected http://HOST:PORT/v1 or https://HOST/v1"
        ) from None
    if parts.username or parts.password:
        raise UserError(f"base URL of {parts.hostname}: put keys in {KEY_VARIABLE}, not in the URL")
    if parts.query:  # not shown: it may be a key
        raise UserError(
            f"base URL of {parts.hostname}: expected nothing behind a '?': put keys in {KEY_VARIABLE}; Azure "
            "needs no api-version at https://RESOURCE.openai.azure.com/openai/v1"
        )
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\x00-\x20]", url):
        raise UserError(f"base URL {url!r}: expected http://HOST:PORT/v1 or https://HOST/v1")
    return url.rstrip("/")


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
