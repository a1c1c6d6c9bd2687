"""The first process inside a sandbox: runs commands in a persistent shell and speaks frames with the host.

Started by a sandbox backend as ``python -IS -c START SETTINGS`` (see `synthgym.envs.sandboxes.supervised`), with the
host on stdin and stdout. In a sandbox of its own process namespace it is PID 1, which nothing inside can kill;
elsewhere it makes itself the reaper of its descendants. It is closed to the other processes of its user (no tracing, no
borrowing of descriptors), and it holds no secret: whoever took it over all the same could only spoil their own session.

Frame, both ways: two big-endian uint32 (length of head, length of body), a head, a body (bytes). The host's heads are
dictionaries as `marshal` writes them, which is quickest to read; the supervisor's are JSON, because the host must not
trust what comes out of a sandbox.

Host to supervisor:

- ``fresh``: start over. Ends every process, removes every file, unpacks the body (a tar archive) into the workspace,
  starts a shell with the variables `env`. The first frame, and later the way to reset a sandbox in place.
- ``wipe``: ends every process and removes every file. For a sandbox that is put aside for later use.
- ``run`` (body: the command), ``read``, ``write``.
- ``interrupt``: end the running command, if there is one; it has no answer of its own.
- while a program inside waits for an answer from the host: ``reply`` (body: the answer), ``abort`` (end the command).

Supervisor to host: ``ready``, ``done``, ``file``, ``ok``, ``error``, and ``channel`` (body: a program's request).

Why a supervisor, rather than a bare bash on a pipe: the command's exit status does not share a stream with what the
command prints, so nothing printed can end or forge a step; a shell that was killed or ran ``exec`` can be replaced
while the files stay; timeouts end every process, not only the one that is known; programs inside reach the host over
the same pipe, so there is no socket or folder on the host to leak; and any pipe will do, be it a container engine's.
"""
