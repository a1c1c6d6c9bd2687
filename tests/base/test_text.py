from __future__ import annotations

import json

import pytest
from growth import growth

from synthgym.base.text import clipped, is_plain, marked, one_line, plain_json, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Wörter, 言葉, 👩‍🔬 and\ttabs\n", "Wörter, 言葉, 👩‍🔬 and\ttabs\n"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07text\x1b]8;;http://x\x1b\\link", "textlink"),
        ("\x9d52;c;aGk=\x9ctext", "text"),
        ("\x90a\x9db\x9ctext\x9e", "atext"),
        ("\x1bPq#0\x1b\\a\x1b(Bb\x1b7c\x1bc", "abc"),
        ("a\x00b\x08c\x7fd\x85e\x9f", "abcd\ne"),
        ("one\r\ntwo\rthree\x0bfour\u2028five", "one\ntwo\nthree\nfour\nfive"),
        ("abc\u202edcba\u2069", "abcdcba"),
        ("\u200fمرحبا", "\u200fمرحبا"),
        ("lone \ud800 half", "lone  half"),
        ("wi\u200bn\u2060e\ufeff \xadqual\u200dity\u200e\ufe0f", "wine quality"),
        ("seen\U000e0068\U000e0069\U000e007f and\U000e0101\u3164", "seen and"),
        ("می\u200cخواهم क्\u200dष ❤\ufe0f\u200d🔥", "می\u200cخواهم क्\u200dष ❤\ufe0f\u200d🔥"),
        ("🙂\ufe01\ufe02\ufe03\ufe04", "🙂"),
        ("\u200b", ""),
        ("\x1b", ""),
        ("\x1b\x1b[0m[31m", "[31m"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable(shown) == shown
    assert is_plain(text) == (text == one_line(shown) == shown)


PIECES = (
    *(
        "\x90",
        "\x9d",
        "\x9b",
        "\x9b1",
        "\x9b ",
        "\x1b",
        "\x1b]",
        "\x1b[",
        "\x1b ",
        "\x90\x9b",
        "\x90a\x1b",
        "\x90\x1b]",
    ),
    *("\r", "\x85", "\u202e", "\ud800", "\u200b", "\u200d", "\u200d\u0590", "a\u200d", "\ufe0f\u200d"),
)


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_the_work_grows_as_the_text(piece: str) -> None:
    assert growth(lambda size: piece * (size // len(piece)) + "x", printable, 25_000) < 8


def test_in_one_line() -> None:
    assert one_line("a title\r\n\t[exit code 0]\n") == "a title [exit code 0] "


def test_json_stays_the_same_json() -> None:
    data = {"title": "\x1b[1m\x9b5m\u202e言葉 \ud800 \u200b\U000e0068 👩\u200d🔬"}
    text = plain_json(json.dumps(data, ensure_ascii=False))
    assert json.loads(text) == data
    assert printable(text) == text


def test_what_is_clipped_keeps_its_beginning_even_of_one_long_word() -> None:
    assert clipped("short\n enough", 20) == "short enough"
    assert clipped("ValueError: " + "x" * 500, 20) == "ValueError: xxxxxx …"


ORDINARY = "grün 言葉\t👩\u200d🔬 ❤\ufe0f 1\ufe0f\u20e3 ©\ufe0f ™\ufe0f می\u200cخواهم क\u200dष 🏳\ufe0f\u200d🌈 �\n"


def test_marks_stand_where_something_would_be_unseen() -> None:
    assert marked(ORDINARY) == printable(ORDINARY) == ORDINARY
    hidden = "a\u202eb\u200bc\ufeffd\u2066e\U000e0041f\xadg\u200dh\x07i"
    assert marked(hidden) == "a�b�c�d�e�f�g�h�i"
    assert marked("one\u2028two") == "one\ntwo"
    for number in range(0x110000):
        assert len(marked(f"a{chr(number)}b")) == 3
