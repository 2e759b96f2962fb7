#!/usr/bin/env python3
"""A control server for `kind = "http"`, to copy and change: only the standard library serves.

Here it drives the reference UE, so that it can be tried at once. Put in place of the class `Ue`
what reaches your UE: an AT command, adb, a socket, a test interface. All below it can stay.

Usage: control_server.py [PORT]
"""

import inspect
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from muster.ue.contract import provisioning_from
from muster.ue.driver import Credentials
from muster.ue.registry import make_driver


class Refused(Exception):
    """The UE did not do it."""


class Ue:
    """What is asked of the UE; a method that is left out is answered `unsupported`."""

    def __init__(self):
        self.ue = make_driver("reference")

    def reset(self, **provisioning):
        self._told(self.ue.reset(provisioning_from(provisioning)))

    def power_on(self):
        self._told(self.ue.power_on())

    def sign_in(self, user, username, password):
        self._told(self.ue.sign_in(user, Credentials(username, password)))

    def start_service(self, service):
        self._told(self.ue.start_service(service))

    def stop_service(self, service):
        self._told(self.ue.stop_service(service))

    def select_profile(self, service, index):
        self._told(self.ue.select_profile(service, index))

    def migrate(self, service, partner, profile):
        self._told(self.ue.migrate(service, partner, profile))

    def enter_network(self, plmn):
        self._told(self.ue.enter_network(plmn))

    def return_home(self):
        self._told(self.ue.return_home())

    def sign_out(self):
        self._told(self.ue.sign_out())

    def power_off(self):
        self._told(self.ue.power_off())

    def _told(self, answer):
        if not answer.is_done:
            raise Refused(answer.reason)


# The contract (docs/driver.md) -------------------------------------------------------------------

UE = Ue()
OPERATIONS = [name for name in vars(Ue) if not name.startswith("_")]


def call(method, arguments):
    """Call a method of the UE; arguments that it does not name are those of a later version."""
    parameters = inspect.signature(method).parameters
    if "provisioning" not in parameters:
        arguments = {name: arguments[name] for name in parameters}
    method(**arguments)


class Control(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer({"contract": "1.0", "name": "example", "operations": OPERATIONS})

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = request["operation"]
        if name not in OPERATIONS or self.path != f"/operations/{name}":
            self.answer({"answer": "unsupported", "reason": "this driver cannot do it"})
            return
        try:
            call(getattr(UE, name), request["arguments"])
        except Refused as error:
            self.answer({"answer": "refused", "reason": str(error)})
        else:
            self.answer({"answer": "done"})

    def answer(self, told):
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8700
    server = HTTPServer(("127.0.0.1", port), Control)
    print(f"control server at http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
