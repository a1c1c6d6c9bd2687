"""The client of an endpoint: one for each and process, with the key, certificates and proxies of the environment.

Whatever keeps it from being made, or from ever connecting, is told in the user's terms.
"""

from __future__ import annotations

import functools
import ipaddress
import os
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from synthgym.agents.model_errors import ModelRefused
from synthgym.agents.redaction import redact
from synthgym.base.errors import UserError

if TYPE_CHECKING:  # importing openai takes the better part of a second: only who calls a model pays
    import openai

KEY_VARIABLE = "OPENAI_API_KEY"

OF_CONNECTIONS = "the base URL, SSL_CERT_FILE, HTTPS_PROXY and ALL_PROXY"
"""Where to look when nothing connects."""

_NEVER_CONNECTS = re.compile(
    r"CERTIFICATE_VERIFY_FAILED|WRONG_VERSION_NUMBER|record layer failure|unknown protocol|UnsupportedProtocol"
    r"|LocalProtocolError|InvalidURL|\b407\b|Proxy Authentication",
    re.I,
)
"""What no later attempt mends: certificates, https where http is spoken, a proxy that wants a password."""


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
    _check_key(key or "")
    # A proxy meant for the outside world must not get calls to this very machine.
    http = openai.DefaultHttpxClient(trust_env=False) if base_url and _is_loopback(base_url) else None
    return openai.OpenAI(api_key=key or "none", base_url=base_url, timeout=timeout, max_retries=0, http_client=http)


_SIGNS = {"\n": "a line break", "\r": "a line break", "\t": "a tab", " ": "a blank"}


def _check_key(key: str) -> None:
    """Raises `ModelRefused` for a key that no header can hold: mostly something was copied along with it."""
    for position, character in enumerate(key, 1):
        if not "!" <= character <= "~":
            name = _SIGNS.get(character) or unicodedata.name(character, f"U+{ord(character):04X}").lower()
            raise ModelRefused(
                f"{KEY_VARIABLE}: expected letters, digits and signs; character {position} of {len(key)} is {name}"
            )


def never_connects(error: Exception) -> bool:
    """Whether a connection that failed will fail every time."""
    cause = error.__cause__ or error
    return _NEVER_CONNECTS.search(f"{type(cause).__name__} {cause}") is not None


def why_no_client(error: Exception) -> str:
    """What kept a client from being made or a call from being sent, and where to look."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        value = os.environ.get(name)
        if value and isinstance(error, OSError) and not Path(value).exists():
            return f"{name} is {value}, which is not there"
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
    parts = urlsplit(url)
    if parts.username or parts.password or parts.query:
        raise UserError(f"base URL of {parts.hostname}: put keys in {KEY_VARIABLE}, not in the URL")
    if parts.scheme not in ("http", "https") or not parts.hostname:
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
