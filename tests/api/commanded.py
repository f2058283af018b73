"""A `holdfast serve` of its own for a test, on a free port and over a database of its own."""

import json
import pathlib
import re
import signal
import socket
import subprocess
import threading
import urllib.error
import urllib.request


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    def __init__(self, program, database, *more, port=0):
        self.database = pathlib.Path(database)
        self.process = subprocess.Popen(
            [program, "serve", "--database", database, "--port", str(port), *more],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.url = ""
        for line in self.process.stderr:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                self.url, self.port = found[0], int(found[1])
                break
        assert self.url, "the server did not say where it listens"
        threading.Thread(target=lambda: self.process.stderr.read(), daemon=True).start()

    @property
    def key_file(self):
        return f"{self.database}.key"

    def get(self, path, **headers):
        """Status, headers and text."""
        headers = {"Authorization": "Bearer " + pathlib.Path(self.key_file).read_text().strip()} | headers
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers), timeout=30) as got:
                return got.status, got.headers, got.read().decode()
        except urllib.error.HTTPError as got:
            return got.code, got.headers, got.read().decode()

    def json(self, path):
        return json.loads(self.get(path)[2])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) == 0, "the server did not end with 0"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
