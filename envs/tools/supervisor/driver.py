"""The driver: what bash runs for ever, one command of the host's after the other.

It shares a shell with commands that may trace, trap, redirect and redefine whatever they like. Therefore:

- What it does, it does in groups whose output is hidden, for `set -x` and traps speak of its lines too. Only the
  command itself stands outside. There are three ways to run it; the supervisor says which (`Shell.give`): ``p``
  (plain). ``w`` (wary): looks where stdout and stderr go thereafter. ``q`` (quiet), where a trace or a trap is on: the
  `eval` is hidden as well, and its own output led back, which undoes what an `exec` in it redirected.
- A `break` outside of the command's own loops leaves one of the driver's, and is known by that. A `continue` goes to
  the next turn: it is known where something follows the command, which it passed over, as in the latter two ways.
- It reports: in these two ways the traps that speak of each command; the builtins that are disabled; then the
  command's status, 0 where stdout and stderr still are the shell's, the flags, and how deep in functions an `eval` of
  its own found itself: in one, unless `builtin` is a function or `eval` does nothing. The supervisor replaces a shell
  that it cannot drive any more. Looking at the output would double the time that a command takes, so it is not always
  done.
- It calls builtins as `builtin NAME`, and keeps its variables in arrays, which `set -a` does not export. Where that is
  not enough, or nothing is run any more (`set -n`), it ends rather than going round: each turn needs a condition that
  is false and one that is true, and a word that only a builtin brings. A shell that has ended is replaced.
- SIGUSR1 gives a command up and keeps the shell: the trap breaks out of every loop and list that the command is in, and
  of some of the driver's own, of which there are more than that. It cannot leave a function so: there, the shell ends.

The command and what it starts have none of the driver's descriptors; its stdin is empty, and it finds the last
command's status in `$?`.
"""

from __future__ import annotations

GIVEN = range(51, 56)
"""Descriptors that the shell is started with."""

# What bash makes of them: copies that no program inherits. It makes them of what a redirection puts aside, and numbers
# them from 10 on. The last two are there for a moment: copies of the shell's own stdout and stderr.
STATUS, CONTROL, COMMAND, OUTPUT, NULL, STDOUT, STDERR = range(10, 17)

_WORDS = {
    "STATUS": STATUS,  # the supervisor reads it
    "CONTROL": CONTROL,  # a line comes for each command
    "COMMAND": COMMAND,  # a memory file with the command
    "OUTPUT": OUTPUT,  # where the shell's output belongs
    "NULL": NULL,
    "STDOUT": STDOUT,
    "STDERR": STDERR,
    "HIDDEN": f">&{NULL} 2>&{NULL}",
    "COPIED": f"{STDERR}>&2 2>&{NULL} {STDOUT}>&1 >&{NULL}",
    "ASIDE": " ".join(f"{fd}>&-" for fd in GIVEN),
}
_LOOPS = 20

NEEDED = {b"break", b"builtin", b"enable", b"eval", b"kill", b"mapfile", b"printf", b"return", b"trap"}
"""Builtins that it calls."""

_BEFORE = r"""
__synthgym_code=(0) __synthgym_state=('') __synthgym_shown=() __synthgym_word=() __synthgym_command=();
__synthgym_depth=();
builtin trap '{
    [[ ${FUNCNAME[*]} ]] && builtin kill -KILL $$;
    __synthgym_state=given-up;
    builtin break 15;
} >/dev/null 2>&1' USR1;
__synthgym_again() { builtin return "$__synthgym_code"; };
__synthgym_next() {
    [[ $__synthgym_state == followed ]] && __synthgym_state=broken;
    [[ $__synthgym_state == running ]] && __synthgym_code=$1 __synthgym_shown=0;
    [[ $__synthgym_state == broken ]] && __synthgym_code=1 __synthgym_shown=0 &&
        builtin printf 'bash: break or continue outside of a loop: the rest was not run\n' >&{OUTPUT};
    [[ $__synthgym_state == given-up ]] && __synthgym_code=137 __synthgym_shown=0;
    __synthgym_depth=-;
    builtin eval '__synthgym_depth=${#FUNCNAME[@]}';
    [[ ! $__synthgym_state ]] || {
        builtin printf '\0' >&{STATUS} && builtin enable -n >&{STATUS} &&
        builtin printf '\0%s %s %s %s\n' "$__synthgym_code" "$__synthgym_shown" "$-" "$__synthgym_depth" >&{STATUS};
    } || [[ ${__synthgym_end:?} ]];
    builtin mapfile -t -n 1 -u {CONTROL} __synthgym_word;
    [[ ${__synthgym_word:?} ]];
    builtin mapfile -t -n 1 -d '' -u {COMMAND} __synthgym_command;
    __synthgym_state=running;
    [[ '' ]];
};
"""

_AROUND = r"""
until {
    [[ $__synthgym_state == running || $__synthgym_state == followed ]] && __synthgym_state=broken;
    builtin trap -p DEBUG ERR RETURN >&{STATUS};
    [[ '' ]];
} {HIDDEN}; do
"""

_LOOP = r"""
until { __synthgym_next "$?"; } {HIDDEN}; do
    if { [[ $__synthgym_word == p ]] && __synthgym_word=; } {HIDDEN}; then
        __synthgym_again && [[ 1 ]];
        builtin eval "$__synthgym_command" <&{NULL};
    elif { [[ $__synthgym_word == w ]] && __synthgym_word= __synthgym_state=followed; } {HIDDEN}; then
        __synthgym_again && [[ 1 ]];
        builtin eval "$__synthgym_command" <&{NULL};
        {
            __synthgym_code=$? __synthgym_state=ended;
            [[ /proc/self/fd/{STDOUT} -ef /proc/self/fd/{OUTPUT} &&
                /proc/self/fd/{STDERR} -ef /proc/self/fd/{OUTPUT} ]];
            __synthgym_shown=$?;
            builtin trap -p DEBUG ERR RETURN >&{STATUS};
            [[ 1 ]];
        } {COPIED} || { __synthgym_code=${PIPESTATUS[0]} __synthgym_state=ended __synthgym_shown=1; } {HIDDEN};
    elif { [[ $__synthgym_word == q ]] && __synthgym_word= __synthgym_state=followed; } {HIDDEN}; then
        {
            __synthgym_again && [[ 1 ]];
            builtin eval "$__synthgym_command" >&{OUTPUT} 2>&{OUTPUT} <&{NULL};
            __synthgym_code=$? __synthgym_state=ended __synthgym_shown=0;
            builtin trap -p DEBUG ERR RETURN >&{STATUS};
        } {HIDDEN};
    else
        [[ ${__synthgym_end:?} ]];
    fi;
done;
"""


def _driver() -> str:
    """On one line, so that the line numbers in bash's messages are the command's own."""
    text = " ".join([_BEFORE, "{", *[_AROUND] * (_LOOPS - 1), _LOOP, *["done;"] * (_LOOPS - 1), "} {ASIDE}"])
    for word, meaning in _WORDS.items():
        text = text.replace("{" + word + "}", str(meaning))
    return " ".join(text.split())


DRIVER = _driver()
