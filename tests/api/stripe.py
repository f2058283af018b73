"""A server on this machine that speaks like Stripe, as far as refunds go: it keeps what it was told,
honours idempotency keys, lists in pages of one, and signs what it tells by itself.
"""

import hmac
import http.server
import itertools
import json
import threading
import time
import urllib.parse

secret_key = "sk_test_local"
signing_secret = "whsec_of_the_endpoint"


class Stripe:
    def __init__(self):
        self.refunds, self.kept, self.hidden = [], {}, set()
        self.new_status = "succeeded"
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(*outer.get(urllib.parse.urlsplit(self.path), self.headers))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.answer(*outer.post(self.path, self.headers, body))

            def answer(self, status, value):
                text = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @staticmethod
    def refused(status, code):
        return status, {"error": {"type": "invalid_request_error", "code": code}}

    def get(self, url, headers):
        if headers["Authorization"] != "Bearer " + secret_key:
            return self.refused(401, "")
        query = dict(urllib.parse.parse_qsl(url.query))
        rows = []
        with self.lock:
            if url.path == "/v1/refunds":
                rows = [r for r in reversed(self.refunds) if r["id"] not in self.hidden]
        if "payment_intent" in query:
            rows = [r for r in rows if r["payment_intent"] == query["payment_intent"]]
        if after := query.get("starting_after"):
            rows = rows[[r["id"] for r in rows].index(after) + 1:]
        return 200, {"object": "list", "data": rows[:1], "has_more": len(rows) > 1}

    def post(self, path, headers, body):
        if headers["Authorization"] != "Bearer " + secret_key:
            return self.refused(401, "")
        with self.lock:
            key, whole = headers["Idempotency-Key"], (path, body)
            if key in self.kept:
                known, answer = self.kept[key]
                return answer if known == whole else self.refused(400, "idempotency_error")
            form = dict(urllib.parse.parse_qsl(body))
            if path != "/v1/refunds":
                return self.refused(404, "resource_missing")
            refund = {"id": f"re_{next(self.numbers)}", "object": "refund", "amount": int(form["amount"]),
                      "currency": "eur", "status": self.new_status,
                      "payment_intent": form["payment_intent"],
                      "metadata": {"holdfast_key": form["metadata[holdfast_key]"]}}
            self.refunds.append(refund)
            self.kept[key] = whole, (200, dict(refund))
            return 200, dict(refund)

    def event(self, refund, status, livemode=False):
        """The text of an event, and its header."""
        text = json.dumps({"id": "evt_1", "object": "event", "type": "refund.updated", "livemode": livemode,
                           "data": {"object": refund | {"status": status}}})
        at = str(int(time.time()))
        mac = hmac.new(signing_secret.encode(), f"{at}.{text}".encode(), "sha256").hexdigest()
        return text.encode(), f"t={at},v0=00,v1={mac}"
