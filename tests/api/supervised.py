"""A service manager's side of a running `holdfast serve`: READY, signs of life, STOPPING; and the unit
file that is shipped, by systemd's own checks where they are installed.

Usage: supervised.py PROGRAM SOURCE_FOLDER
"""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from operated import Server, check, report

program, source = sys.argv[1], pathlib.Path(sys.argv[2])


def notices(address, variables, act):
    """What comes to the socket while a server runs, in order; `act` does with the server what it likes."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        manager.settimeout(60)
        told = lambda: manager.recv(4096).decode()
        # The Python side of the abstract kind begins with NUL, the variable with "@".
        variables = {"NOTIFY_SOCKET": address.replace("\0", "@")} | variables
        with Server(program, variables) as server:
            return act(server, told)


def stop(server, told):
    first = told()
    server.get("/readyz")
    server.process.send_signal(signal.SIGTERM)
    return [first, told()]


with tempfile.TemporaryDirectory() as folder:
    check(notices(folder + "/notify", {}, stop) == ["READY=1", "STOPPING=1"], "ready, then stopping")
    check(notices("\0holdfast-test-" + os.path.basename(folder), {}, stop) == ["READY=1", "STOPPING=1"],
          "by an abstract socket, too")

    # A third of a second apart, since somebody waits for one a second.
    alive = notices(folder + "/watchdog", {"WATCHDOG_USEC": "1000000"}, lambda _, told: [told() for _ in range(4)])
    check(alive == ["READY=1"] + 3 * ["WATCHDOG=1"], f"signs of life: {alive}")
    others = {"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}
    check(notices(folder + "/other", others, stop) == ["READY=1", "STOPPING=1"], "another's watchdog is not ours")

# Nobody listens any more: it runs all the same.
with Server(program, {"NOTIFY_SOCKET": "/no/such/socket"}) as server:
    server.get("/readyz")

# The unit names options that there are, and systemd understands it.
unit = (source / "etc" / "holdfast.service").read_text()
words = re.search(r"^ExecStart=(\S+) serve (.*)$", unit, re.M)
usage = "".join(subprocess.run([program, *command, "--help"], capture_output=True, text=True).stdout
                for command in ((), ("serve",)))
check(words and all(flag in usage for flag in re.findall(r"--[\w-]+", words[2])), "its flags are known")
if analyze := shutil.which("systemd-analyze"):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "holdfast.service"
        copy.write_text(unit.replace(words[1], program))
        done = subprocess.run([analyze, "verify", "--man=no", copy], capture_output=True, text=True)
        check(done.returncode == 0 and "holdfast.service" not in done.stderr, f"verify: {done.stderr}")
        done = subprocess.run([analyze, "security", "--offline=true", "--threshold=20", "--no-pager", copy],
                              capture_output=True, text=True)
        check(done.returncode == 0, f"exposed more than 2.0: {done.stdout[-300:]}{done.stderr}")
else:
    print("systemd-analyze is not installed: the unit was not checked by it")

sys.exit(report())
