"""What the network namespace of a sandbox tells of its use: once it was used, no reset makes it as it was.

Connections that were closed stand in lists for a minute, with numbers of a program's choosing, and what was sent is
counted for good. Whatever of it there may be, the counters of the loopback interface or of the protocols have moved.
"""

from __future__ import annotations

from .processes import slurp

COUNTERS = ("dev", "snmp", "snmp6", "netstat")


def counters() -> tuple[bytes, ...]:
    """All that is counted in the network namespace."""
    return tuple(slurp(f"/proc/self/net/{name}") for name in COUNTERS)
