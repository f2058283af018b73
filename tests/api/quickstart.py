"""Runs what docs/api.md tells a newcomer to paste, as it stands there, against a fresh server.

Usage: quickstart.py PROGRAM SOURCE_FOLDER
"""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

program, source = sys.argv[1], pathlib.Path(sys.argv[2])
blocks = re.findall(r"^```sh\n(.*?)^```$", (source / "docs" / "api.md").read_text(), re.M | re.S)
assert len(blocks) >= 5, "docs/api.md has lost its commands"
script = "set -euo pipefail\n" + "".join(blocks)

with tempfile.TemporaryDirectory() as folder:
    database = pathlib.Path(folder) / "shop.db"
    server = subprocess.Popen([program, "serve", "--database", database, "--port", "0"],
                              stderr=subprocess.PIPE, text=True)
    for line in server.stderr:
        if found := re.search(r"http://\S+", line):
            break
    try:
        done = subprocess.run(["bash", "-c", script], text=True, capture_output=True, timeout=120, cwd=source,
                              env=os.environ | {"API": found[0], "KEY_FILE": f"{database}.key"})
    finally:
        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=60)

print(done.stdout, done.stderr)
statuses = [int(status) for status in re.findall(r'"status":(\d+)', log)]
assert done.returncode == 0, "a command failed"
assert server.returncode == 0, "the server did not end with 0"
assert "'refunded': 10470" in done.stdout, "the buyer has not got the money back"
assert "'played_by': 'mediator.for_buyer'" in done.stdout, "nobody played the mediator"
assert sorted(set(statuses)) == [200, 201, 422] and statuses.count(422) == 1, statuses
