"""What commands print: as it came, cut in the middle where it is too long, of a progress bar its last state."""

from __future__ import annotations

from synthgym.envs.conformance.checks import LIMITS, check
from synthgym.envs.conformance.expectations import between, contains, equal, true
from synthgym.envs.sandboxes.base import Limits, Sandbox


def run(box: Sandbox, command: str, limits: Limits = LIMITS) -> str:
    return box.run(command, limits).text


@check()
def bytes_come_as_they_are(box: Sandbox) -> None:
    result = box.run(r"printf '\x00\xff\xfe\033[31mred\033[0m\r\n'", LIMITS)
    equal(result.output, b"\x00\xff\xfe\x1b[31mred\x1b[0m\r\n")
    true(result.text.startswith("\x00��\x1b[31mred"), "bytes that are no text as such", result.text)


@check()
def unicode_both_ways(box: Sandbox) -> None:
    equal(run(box, "echo 'é λ 漢 🙂'"), "é λ 漢 🙂\n")
    equal(run(box, "echo a\ud800b"), "a?b\n")  # half a character, as broken models write


@check()
def a_cut_in_the_middle_of_fifty_megabytes(box: Sandbox) -> None:
    result = box.run("echo first; head -c 50000000 /dev/zero; echo; echo last", LIMITS)
    equal(result.returncode, 0)
    equal(result.output[:6], b"first\n")
    equal(result.output[-6:], b"\nlast\n")
    equal(len(result.output), LIMITS.output_bytes)
    equal(result.dropped, 50_000_000 + len("first\n\nlast\n") - LIMITS.output_bytes)
    contains(result.text, f"[… {result.dropped} characters left out …]")


@check()
def a_line_without_end(box: Sandbox) -> None:
    equal(run(box, "head -c 60000 /dev/zero | tr '\\0' a"), "a" * 60_000)


@check(
    cases=[
        (r"for i in 1 2 3; do printf '\r%s/3' $i; done; echo", "3/3\n"),
        (r"for i in 1 2 3; do printf '%s/3\r' $i; sleep 0.02; done; echo", "3/3\n"),
        (r"printf 'one\n10%%\r20%%\rdone\ntwo'", "one\ndone\ntwo"),
        (r"printf '10%%\r'; printf '20%%\r' >&2; printf '30%%'", "30%"),
        (r"printf 'a\r\nb\r\n'", "a\r\nb\r\n"),
        (r"printf 'a\r\r\nb\r\r\r\n'", "a\r\nb\r\n"),
        (r"printf '50%%'; sleep 0.1; printf '\r60%%'; sleep 0.1; printf '\r70%%\n'", "70%\n"),
        (
            r"for i in $(seq 30000); do printf '\rstate %s of 30000' $i; done; echo; echo end",
            "state 30000 of 30000\nend\n",
        ),
    ]
)
def a_progress_bar_is_its_last_state(box: Sandbox, command: str, output: str) -> None:
    result = box.run(command, LIMITS)
    equal((result.text, result.dropped), (output, 0))


@check()
def a_raw_output_has_every_state(box: Sandbox) -> None:
    equal(box.run(r"printf '\r1/2\r2/2\n'", Limits(raw_output=True)).output, b"\r1/2\r2/2\n")


@check(cases=["a", "é", "漢", "🙂"])
def a_cut_counts_characters_and_tears_none(box: Sandbox, letter: str) -> None:
    count = 300_000
    result = box.run(f"printf '%.0s{letter}' $(seq {count})", LIMITS)
    for text in (result.text, result.shown(10_000), result.shown(9_999)):
        first, said, last = text.split("\n")
        equal(set(first + last), {letter})
        equal(len(first) + len(last) + int(said.split()[1]), count)
    equal(len(result.shown(10_000)), 10_000)


@check(
    cases=[
        (r"printf '\x1b[31m%s\x1b[0m\n' $(seq 1 9000)", 43_893),
        (r"printf '\x1b]8;;http://%s\x1b\\link\x1b]8;;\x07\n' $(seq 1 9000)", 45_000),
        (r"printf 'é%s\b\b \x1b[1;32m漢\r\n' $(seq 10000 30000)", 20_001 * 7),
        (r"printf '\xff\x80%s\n' $(seq 10000 50000)", 40_001 * 8),
    ]
)
def a_cut_counts_what_a_terminal_shows(box: Sandbox, command: str, seen: int) -> None:
    text = box.run(command, Limits(output_bytes=80_000)).shown(20_000)
    first, said, last = text.partition("\n[… ")[0], text.partition("\n[… ")[2], text.partition("…]\n")[2]
    equal(len(first) + len(last) + int(said.split()[0]), seen)


@check()
def a_cut_counts_a_state_too_long_for_a_progress_bar_once(box: Sandbox) -> None:
    result = box.run("printf 'a\\r'; head -c 100000 /dev/zero | tr '\\0' b", Limits(output_bytes=80_000))
    equal(result.visible, 100_000)


@check()
def a_hundred_megabytes(box: Sandbox) -> None:
    result = box.run("head -c 100000000 /dev/zero | tr '\\0' '\\n'", Limits())
    equal((len(result.output) + result.dropped, result.characters), (100_000_000, 100_000_000))


@check(cases=[0, 1, 10, 1000])
def small_output_limits(box: Sandbox, output: int) -> None:
    result = box.run("seq 1000", Limits(output_bytes=output))
    between(0, len(result.output), output + 1, "bytes of output")
    equal(len(result.output) + result.dropped, len("".join(f"{n}\n" for n in range(1, 1001))))
