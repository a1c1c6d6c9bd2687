# All that an episode could leave behind, on whatever it can write, own or reach.
umask 077; ulimit -S -n 100; ulimit -c 0; ulimit -s 4096; ulimit -f 100000
trap '' TERM INT HUP PIPE USR2; trap 'echo left' EXIT; set -f; shopt -s extglob; alias ls='echo left'
export LEFT=note; cat() { echo left; }
python - <<'END'
import array, ctypes, fcntl, glob, os, signal, socket, stat
libc = ctypes.CDLL(None)
def attempt(act, *given):
    try:
        act(*given)
    except (OSError, ValueError, TypeError):
        pass
for folder in ("/home/agent", os.getcwd(), os.environ["TMPDIR"], "/tmp", "/dev/shm", "/dev/mqueue", "/dev/pts", "/dev", "/"):
    for number in range(40):
        attempt(os.mkdir, f"{folder}/left-{number}")
        attempt(lambda: open(f"{folder}/left-{number}/file", "w").write("note"))
    attempt(os.symlink, "/etc/passwd", f"{folder}/link")
    attempt(os.mkfifo, f"{folder}/fifo")
    attempt(lambda: socket.socket(socket.AF_UNIX).bind(f"{folder}/socket"))
    attempt(os.setxattr, folder, "user.note", b"left")
    attempt(os.chmod, folder, 0o1711)
    flags = array.array("L", [0xC0])
    attempt(lambda: fcntl.ioctl(os.open(folder, os.O_RDONLY), 0x40086602, flags))
    attempt(lambda: os.utime(folder, ns=(1234567890123456789, 1234567890123456790)))
for device in glob.glob("/dev/*"):
    attempt(os.utime, device)
shell = os.getppid()
for pid in (1, shell):
    attempt(os.sched_setaffinity, pid, [0])
    attempt(os.setpriority, os.PRIO_PROCESS, pid, 15)
    attempt(os.setpriority, os.PRIO_USER, os.getuid(), 15)
    attempt(libc.syscall, 251, 1, pid, (3 << 13) | 7)
    for name, word in (("oom_score_adj", "1000"), ("coredump_filter", "0"), ("autogroup", "19"), ("comm", "left"), ("timerslack_ns", "9999999")):
        attempt(lambda: open(f"/proc/{pid}/{name}", "w").write(word))
    for link in glob.glob(f"/proc/{pid}/fd/*"):
        attempt(os.chmod, link, 0o751)
        attempt(os.setxattr, link, "user.note", b"left")
        attempt(lambda: fcntl.fcntl(os.open(link, os.O_RDWR | os.O_NONBLOCK), 1031, 1 << 20))
attempt(fcntl.fcntl, 1, 1031, 1 << 17)
attempt(fcntl.fcntl, 1, fcntl.F_SETFL, os.O_NONBLOCK | os.O_APPEND)
for path in glob.glob("/proc/sys/**", recursive=True):
    attempt(lambda: open(path, "w").write("1"))
libc.shmget(4711, 4096, 0o1666); libc.semget(4711, 1, 0o1666); libc.msgget(4711, 0o1666)
libc.mq_open(b"/note", os.O_CREAT | os.O_RDWR, 0o666, None)
for family in range(48):
    for kind in (1, 2, 3, 5):
        attempt(lambda: socket.socket(family, kind).bind(("127.0.0.1", 4711)))
        attempt(lambda: socket.socket(family, kind).bind((0, 0)))
        attempt(lambda: socket.socket(family, kind).sendto(b"note", ("127.0.0.1", 4711)))
for number in range(30):
    if os.fork() == 0:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        held = socket.socket(socket.AF_UNIX)
        held.bind(f"\0left-{number}")
        held.listen()
        os.write(os.memfd_create("left"), b"note")
        signal.pause()
END
