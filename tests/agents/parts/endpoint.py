"""A real HTTP server on a loopback port that plays an OpenAI-compatible endpoint.

There is no model behind it. What it answers is written by hand in the tests, as transcripts of what endpoints of this
kind have been seen to send: answers, error bodies with their codes, `Retry-After` headers, broken JSON, silence. The
client side is the real `openai` package.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass
class Answer:
    """One response. `body` may be any JSON, or bytes sent as they are."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0


def reply(content: str | None, finish: str = "stop", prompt_tokens: int = 10, completion_tokens: int = 5) -> Answer:
    """A chat completion."""
    return Answer(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [
                {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}},
            ],
            "usage": {
                "prompt_tokens": prompt_tokens,
                "completion_tokens": completion_tokens,
                "total_tokens": prompt_tokens + completion_tokens,
            },
        }
    )


def failure(status: int, message: str, code: str | None = None, **headers: str) -> Answer:
    """An error as OpenAI and its imitators send it."""
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return Answer({"error": error}, status, {name.replace("_", "-"): value for name, value in headers.items()})


def command(text: str, say: str = "Next.") -> str:
    """A reply with one command in it."""
    return f"{say}\n```bash\n{text}\n```"


class Endpoint:
    """The server, started at once; a context manager.

    Args:
        script: Answers in order, or a function from the request's JSON to one.

    Attributes:
        requests: What came in: the JSON bodies.
        answered: What went out, as far as it was JSON.
        headers: The headers that came with them.
    """

    def __init__(self, script: list[Answer] | Callable[[dict[str, Any]], Answer]) -> None:
        self.requests: list[dict[str, Any]] = []
        self.answered: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[float] = []
        self._script = script
        self._lock = threading.Lock()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # headers and body in one packet, else each answer waits 40 ms for an acknowledgement

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = endpoint._answer(self.path, json.loads(body), self.headers)
                if isinstance(answer.body, dict):
                    endpoint.answered.append(answer.body)
                time.sleep(answer.wait)
                data = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
                try:
                    self.send_response(answer.status)
                    for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)
                except OSError:
                    self.close_connection = True  # the client gave up waiting

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def _answer(self, path: str, request: dict[str, Any], headers: Message) -> Answer:
        with self._lock:
            self.requests.append(request)
            self.headers.append({name.lower(): value for name, value in headers.items()})
            self.times.append(time.monotonic())
            if path != "/v1/chat/completions":
                return Answer({"detail": "Not Found"}, 404)
            if callable(self._script):
                return self._script(request)
            if len(self.requests) > len(self._script):
                return failure(400, "the transcript has no more answers")
            return self._script[len(self.requests) - 1]

    def __enter__(self) -> Endpoint:
        return self

    def __exit__(self, kind: type | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
