"""A control server that misbehaves: each reset takes the next way of a list.

Usage: rogue.py REFERENCE_URL WAY... ; what is not said to go wrong is handed to the reference UE.
"""

from __future__ import annotations

import http.server
import json
import sys
import time
import urllib.request

REFERENCE, *WAYS = sys.argv[1:]
way = ""


class Rogue(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        global way
        way = WAYS.pop(0) if WAYS else ""
        if way == "wrong-version":
            self._answer(200, json.dumps({"contract": "2.0"}).encode())
        elif way == "few-operations":
            self._answer(200, json.dumps({"contract": "1.0", "operations": ["reset"]}).encode())
        else:
            self._hand_on(None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        operation = self.path.rpartition("/")[2]
        if way == f"garbage:{operation}":
            self._answer(200, b"<html>no JSON</html>")
        elif way == f"no-answer:{operation}":
            self._answer(200, json.dumps({"answer": "maybe"}).encode())
        elif way == f"error:{operation}":
            self._answer(500, b"{}")
        elif way == f"dies:{operation}":
            self.close_connection = True
            self.connection.close()
        elif way == f"hangs:{operation}":
            time.sleep(12)
        else:
            self._hand_on(body)

    def _hand_on(self, body: bytes | None) -> None:
        with urllib.request.urlopen(REFERENCE + self.path, body) as answer:
            self._answer(200, answer.read())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Rogue)
print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
server.serve_forever()
