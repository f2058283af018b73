"""Reading our sources, for the checks beside this file."""

import hashlib
import pathlib
import re
import sys

pure_folders = ("base", "terms", "order", "ledger", "desk")

_tokens = re.compile(
    r'//[^\n]*'
    r'|/\*.*?\*/'
    r'|R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",  # not the ' inside 9'007
    re.DOTALL,
)
_include = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def files(root, folders, suffixes):
    """All files below the folders that exist, in a fixed order."""
    found = []
    for folder in folders:
        for path in (root / folder).rglob("*"):
            if path.suffix in suffixes and "data" not in path.relative_to(root).parts:
                found.append(path)
    return sorted(found)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    return _tokens.sub(lambda m: _blank(m[0]) if m[0].startswith("/") else m[0], text)


def code_only(text):
    """Without comments, and without what stands between quotes, but for includes."""
    lines = []
    blanked = _tokens.sub(lambda m: _blank(m[0]), text)
    for line, original in zip(blanked.split("\n"), without_comments(text).split("\n")):
        lines.append(original if _include.match(original) else line)
    return "\n".join(lines)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def includes(text):
    """(line, bracket, path) of each include."""
    plain = without_comments(text)
    return [(line_of(plain, m.start(2)), m[1], m[2]) for m in _include.finditer(plain)]


def reach(path, src):
    """The file and all of ours that it includes, directly or not."""
    found = {}
    waiting = [path]
    while waiting:
        file = waiting.pop()
        if file in found or not file.is_file():
            continue
        found[file] = file.read_bytes()
        text = found[file].decode(errors="replace")
        waiting.extend(src / name for _, bracket, name in includes(text) if bracket == '"')
    return found


class Passed:
    """Remembers what has passed, by a hash of everything the answer depends on."""

    def __init__(self, folder, *settings):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.settings = settings

    def _mark(self, path, src):
        digest = hashlib.sha256(repr(self.settings).encode())
        for file, content in sorted(reach(path, src).items()):
            digest.update(f"\n{file} {len(content)}\n".encode() + content)
        return self.folder / digest.hexdigest()

    def knows(self, path, src):
        return self._mark(path, src).exists()

    def remember(self, path, src):
        self._mark(path, src).touch()


def report(complaints):
    """Ends the check: silent where all is well, else one complaint a line."""
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)
