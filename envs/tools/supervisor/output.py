"""What a command printed, as much of it as is kept."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .visible import Count

CHUNK = 1 << 16


def last_state(line: bytes) -> bytes:
    """What a line ends as that was written anew with carriage returns; one before the line's end is left alone."""
    body = line.rstrip(b"\r")
    return body[body.rfind(b"\r") + 1 :] if b"\r" in body else line


class Output:
    """The first and the last bytes, how many fell out between, and how many characters it had in all."""

    def __init__(self, keep: int, raw: bool) -> None:
        """Keeps `keep` bytes; with `raw` also what was overwritten: of a progress bar every state, not the last."""
        self.half, self.raw = keep // 2, raw
        self.first, self.last = bytearray(), bytearray()
        self.dropped = 0
        self.count: Count | None = None
        self.line = b""  # the last one, which may yet be overwritten

    def take(self, data: bytes) -> None:
        """Takes what was printed next."""
        if self.raw:
            self.put(data)
            return
        data = self.line + data
        while b"\r\r" in data:  # as good as one
            data = data.replace(b"\r\r", b"\r")
        end = data.rfind(b"\n") + 1
        lines, line = data[:end], data[end:]
        if lines.count(b"\r") != lines.count(b"\r\n"):
            lines = b"\n".join(map(last_state, lines.split(b"\n")))
        if b"\r" in line.rstrip(b"\r"):  # it was written anew; a first \r says so until it ends
            line = b"\r" + last_state(line) + (b"\r" if line.endswith(b"\r") else b"")
        if len(line) > CHUNK:  # no state of a progress bar
            lines, line = lines + line.lstrip(b"\r"), b""
        self.line = line
        self.put(lines)

    def put(self, data: bytes) -> None:
        room = self.half - len(self.first)
        self.first += data[:room]
        self.last += data[room:]
        if len(self.last) > 4 * self.half + CHUNK:
            self.cut()

    def cut(self) -> None:
        over = len(self.last) - self.half
        if over > 0:
            if self.count is None:
                from .visible import Count  # imports `re`, which takes long, and most outputs are short

                self.count = Count()
                self.count.take(bytes(self.first))
            self.count.take(bytes(self.last[:over]))
            del self.last[:over]
            self.dropped += over

    def finish(self) -> tuple[dict[str, int], bytes]:
        """The counts, and what is kept."""
        self.put(last_state(self.line))
        self.line = b""
        self.cut()
        counts = {"head": len(self.first), "dropped": self.dropped, "characters": 0, "visible": 0}
        if self.count is not None:
            self.count.take(bytes(self.last), last=True)
            counts.update(characters=self.count.characters, visible=self.count.visible)
        return counts, bytes(self.first) + bytes(self.last)
