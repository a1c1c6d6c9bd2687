"""``validate`` and ``submit``: ask the host to score the submission, and print what it answers.

Nothing is scored in here and nothing printed here counts: the host reads the submission itself.
"""

# The bare modules: `socket` and `struct` take longer to import than all else takes.
import _socket as socket
import _struct as struct
import os
import sys

LENGTH = struct.Struct(">I")


def exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise OSError("closed")
        data += part
    return data


def main() -> None:
    try:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect("\0" + os.environ.get("SYNTHGYM_CHANNEL", ""))
        request = sys.argv[1].encode()
        connection.sendall(LENGTH.pack(len(request)) + request)
        answer = exactly(connection, LENGTH.unpack(exactly(connection, LENGTH.size))[0])
    except OSError as error:
        sys.exit(f"{sys.argv[1]}: no answer from the scorer, which listens while a command of a step runs ({error})")
    code, _, text = answer.decode("utf-8", "replace").partition("\n")
    print(text)
    sys.exit(int(code) if code.isdigit() else 1)


main()
