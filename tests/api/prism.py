"""The walk again, through a second pair of eyes: Prism, a proxy that holds what passes against the
contract, with a reading of OpenAPI and JSON Schema that is not ours.

Usage: prism.py PROGRAM SOURCE_FOLDER CACHE_FOLDER

Skipped in a word where npm cannot fetch Prism. Every answer must be as the contract says, and every
request that the service took. What is no JSON, and what is never answered whole (the stream), does
not pass through it; walk.py judges those alone.
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

sys.dont_write_bytecode = True
import served
import walk

version = "5.14.2"
violations, passed, refused = [], 0, 0


class Watched(walk.Client):
    def judge(self, method, path, answer, expect):
        global passed, refused
        super().judge(method, path, answer, expect)
        passed += 1
        for one in json.loads(answer.headers.get("sl-violations", "[]")):
            if one["location"][0] == "request" and answer.status >= 400:
                refused += 1  # by both
            else:
                violations.append(f"{method} {path} {answer.status}: {'.'.join(map(str, one['location']))}: {one['message']}")


def install(cache):
    """The program, or why there is none."""
    npm = shutil.which("npm")
    if not npm:
        return None, "npm is not there"
    cache.mkdir(parents=True, exist_ok=True)
    prism = cache / "node_modules" / ".bin" / "prism"
    if not prism.exists():
        got = subprocess.run([npm, "install", "--prefix", cache, "--no-audit", "--no-fund",
                              f"@stoplight/prism-cli@{version}"], capture_output=True, text=True)
        if got.returncode != 0:
            return None, "npm could not fetch it: " + got.stderr.strip()[-300:]
    return prism, None


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Proxy:
    def __init__(self, prism, contract, upstream):
        self.port = free_port()
        self.process = subprocess.Popen(
            [prism, "proxy", contract, f"http://127.0.0.1:{upstream}", "--port", str(self.port), "--host", "127.0.0.1",
             "--validate-request", "true"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        for line in self.process.stdout:
            if "is listening" in line:
                break
        threading.Thread(target=lambda: [None for _ in self.process.stdout], daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)


def main(program, source, cache):
    prism, why_not = install(pathlib.Path(cache))
    if not prism:
        print("skipped:", why_not)
        return 0
    contract = pathlib.Path(source) / "api" / "openapi.yaml"
    with tempfile.TemporaryDirectory() as folder, served.Server(program, folder) as server, \
            Proxy(prism, contract, server.port) as proxy:
        client = Watched(proxy.port, server.key)
        for one in (walk.walk_not_received, walk.walk_not_as_described, walk.walk_contested_return, walk.walk_order,
                    walk.walk_lists, walk.walk_parties, walk.walk_notices):
            one(client)
        for one in (walk.walk_messages, walk.walk_settings, walk.walk_cast, walk.walk_checklist):
            one(client, proxy.port)
    print(f"{passed} requests and answers passed through Prism {version}, {len(violations)} violations; "
          f"it finds {refused} faults in requests that the service refused")
    for one in violations + walk.problems:
        print("problem:", one)
    # A proxy that judges nothing finds nothing.
    return 1 if violations or walk.problems or passed < 150 or refused < 5 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
