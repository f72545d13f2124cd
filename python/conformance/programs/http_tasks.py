"""@http: requests to a web service of this program's own: GET, POST, `produces`, `updates`."""
# conformance: modes: sequential run local
import http.server
import json
import os
import threading
import urllib.parse

from pycompss.api.api import compss_wait_on
from pycompss.api.http import http as http_task
from pycompss.api.parameter import INOUT
from pycompss.api.task import task


class Service(http.server.BaseHTTPRequestHandler):
    def answer(self, what, kind="application/json"):
        body = (json.dumps(what) if kind == "application/json" else what).encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        words = urllib.parse.unquote(self.path).strip("/").split("/")
        if words[0] == "length":
            self.answer(str(len(words[1])), "text/plain")
        elif words[0] == "json":
            self.answer({"length": len(words[1]), "child": {"depth": "one", "message": words[1].upper()}})
        else:
            self.send_error(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer({"got": json.loads(body), "kind": self.headers["Content-Type"]})

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
BASE = f"http://127.0.0.1:{server.server_address[1]}/"


@http_task(service_name=BASE, request="GET", resource="length/{{message}}")
@task(returns=int)
def length(message):
    pass


@http_task(service_name=BASE, request="GET", resource="json/{{message}}", produces="{'length':'{{return_0}}'}")
@task(returns=int)
def length_in_json(message):
    pass


@http_task(service_name=BASE, request="GET", resource="json/{{message}}",
           produces="{'length':'{{return_0}}', 'child':{'depth':'one', 'message':'{{return_1}}'}}")
@task(returns=2)
def two_values(message):
    pass


@http_task(service_name=BASE, request="POST", resource="post", payload="{{payload}}", payload_type="application/json",
           produces="{'got':'{{return_0}}'}")
@task(returns=dict)
def post(payload):
    pass


@http_task(service_name=BASE, request="GET", resource="json/test",
           produces="{'length':'{{return_0}}', 'child':{'depth':'one', 'message':'{{param}}'}}", updates="{{event}}.some_key = {{param}}")
@task(event=INOUT)
def update(event):
    pass


@task(returns=str)
def word(n):
    return "w" * n


print(compss_wait_on(length("hello")), compss_wait_on(length(word(7))))
print(compss_wait_on(length_in_json("four")))
size, shout = two_values("abc")
print(compss_wait_on(size), compss_wait_on(shout))
print(compss_wait_on(post({"a": [1, 2]})))
event = {"kept": 1}
update(event)
print(compss_wait_on(event))
server.shutdown()
