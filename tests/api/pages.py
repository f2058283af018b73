"""The pages that a running `holdfast serve` has for people: whole, small, and closed to everything else.

Usage: pages.py PROGRAM
"""

import base64
import gzip
import hashlib
import http.client
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import html5lib

sys.dont_write_bytecode = True
from served import Server

program = sys.argv[1]


def whole(server, path):
    got = server.get(path, Accept="text/html")
    assert got.status == 200 and got.headers["content-type"] == "text/html; charset=utf-8", (path, got.headers)
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return got.headers, got.text, parser.parse(got.text)  # raises where it is not as HTML is written


def closed(path, headers, text, page):
    """Nothing runs, nothing is loaded but the style it brings, and nobody else is asked."""
    style = base64.b64encode(hashlib.sha256(page.find(".//style").text.encode()).digest()).decode()
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ") and f"style-src 'sha256-{style}'" in policy, policy
    assert "unsafe" not in policy and "http" not in policy, policy
    for element in page.iter():
        assert element.tag not in ("script", "link", "img", "iframe", "object", "form", "base"), (path, element.tag)
        for name, value in element.attrib.items():
            assert not name.startswith("on") and name not in ("style", "src"), (path, name)
            assert name != "href" or value.startswith(("#", "/")) and not value.startswith("//"), (path, value)


def led_to(server, page):
    """Every link within the page has its place, and every page that it leads to is there."""
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), [one for one in ids if ids.count(one) > 1]
    links = {element.get("href") for element in page.iter("a")}
    missing = [link for link in links if link.startswith("#") and link[1:] not in ids]
    assert not missing, missing
    pages = sorted(link for link in links if link.startswith("/"))
    assert len(pages) > 70
    for link in pages:
        assert server.get(link.split("#")[0]).status == 200, link
    return [link for link in pages if link.startswith("/problems/")]


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def readable(style):
    """WCAG 2.2 AA: 4.5 to 1, of every text on both grounds, in light and in dark."""
    for block in re.findall(r":root \{(.*?)\}", style, re.S):
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
        assert len(colours) == 9, colours
        for text in ("text", "dim", "link", "get", "post", "other"):
            for ground in ("page", "raised"):
                light, dark = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground, colours)


def console(server):
    """The console's page loads nothing but its own files, which may be kept for ever; a browser is led to it."""
    for path in ("/", "/console"):
        led = server.get(path, Accept="text/html")
        assert led.status == 302 and led.headers["location"] == "/console/", (path, led.headers)
    assert server.get("/", Accept="application/json").status == 406
    headers, text, page = whole(server, "/console/")
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "http" not in policy, policy
    loaded = [element.get("src") or element.get("href") for element in page.iter() if element.tag in ("script", "link")]
    assert len(loaded) > 2 and all(one.startswith("/console/assets/") for one in loaded), loaded
    assert not any(element.text for element in page.iter("script")) and page.find(".//style") is None
    for path in loaded:
        asset = server.get(path)
        assert asset.status == 200 and "immutable" in asset.headers["cache-control"], (path, asset.headers)
        assert server.get(path, If_None_Match=asset.headers["etag"]).status == 304, path
        packed = http.client.HTTPConnection("127.0.0.1", server.port)
        packed.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = packed.getresponse()
        assert answer.headers["content-encoding"] == "gzip" and gzip.decompress(answer.read()).decode() == asset.text, path
    assert "MIT" in server.get("/console/licenses.txt").text
    for path, framed_by in (("/console/portal.html", shops.replace(",", "")), ("/console/", "'none'")):
        policy = server.get(path).headers["content-security-policy"]
        assert policy.endswith("; frame-ancestors " + framed_by), (path, policy)
    assert server.get("/console/nothing.txt").status == 404 and server.get("/console/assets/nothing.js").status == 404


for bad in ("https://shop.example/path", "http://shop.example", "https://*.example", "https://a.example;", "shop.example"):
    with tempfile.TemporaryDirectory() as folder:
        ended = subprocess.run([pathlib.Path(program).resolve(), "serve", "--port", "0"], cwd=folder, env=os.environ | {"HOLDFAST_SERVE_FRAME_ORIGINS": bad},
                               capture_output=True, timeout=60)
        assert ended.returncode == 3 and b"serve.frame_origins" in ended.stderr, (bad, ended)

shops = "https://shop.example, https://www.shop.example:8443"
with tempfile.TemporaryDirectory() as folder, Server(program, folder, variables={"HOLDFAST_SERVE_FRAME_ORIGINS": shops}) as server:
    headers, text, page = whole(server, "/docs")
    closed("/docs", headers, text, page)
    size = len(gzip.compress(text.encode()))
    assert size < 300_000, size
    assert page.find(".//nav") is not None and page.find(".//main") is not None and page.get("lang") == "en"
    readable(page.find(".//style").text)
    problems = led_to(server, page)
    contract = server.get("/openapi.json")
    names = {one["operationId"] for item in contract["paths"].values() for method, one in item.items() if method != "parameters"}
    shown = {element.get("id") for element in page.iter("article")}
    assert names <= shown, names - shown
    for path in problems:
        headers, text, problem = whole(server, path)
        closed(path, headers, text, problem)
        assert problem.find(".//h1").text and problem.find(".//h2").text == "What to do", path
    nothing = server.get("/v1/orders/nothing")
    assert nothing.status == 404 and nothing["type"] == "/problems/not_found" and "/problems/not_found" in problems
    assert server.get("/problems/not_found", Accept="application/json").status == 406
    console(server)
print(f"{len(problems)} problems, {len(names)} operations, {size} bytes as gzip")
