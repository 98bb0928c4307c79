"""A server that asks the sandbox once and answers from memory ever after, a given time away.

The sandbox makes every answer anew and takes longer for a page than a client should; with this one in between it is the
client that is measured. Every client has to run once before it counts.
"""

import http.client
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

upstream, latency = urlsplit(sys.argv[1]), int(sys.argv[2]) / 1000
known = {}
asked = [0]
OURS = {"connection", "content-length", "date", "server", "transfer-encoding"}


class Replay(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/_sandbox/requests"):
            asked[0] *= not self.path.endswith("/reset")
            self.send(200, {}, json.dumps({"total": asked[0]}).encode())
            return
        asked[0] += 1
        time.sleep(latency)
        question = (self.command, self.path, body)
        if question not in known:
            known[question] = self.ask(body)
        self.send(*known[question])

    do_GET = do_POST = answer  # noqa: N815 - the names that http.server looks for

    def ask(self, body):
        there = http.client.HTTPConnection(upstream.netloc)
        there.request(self.command, self.path, body, dict(self.headers))
        answer = there.getresponse()
        headers = {name: value for name, value in answer.getheaders() if name.lower() not in OURS}
        return answer.status, headers, answer.read()

    def send(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Replay)
sys.stdout.write(f"http://localhost:{server.server_port}\n")
sys.stdout.flush()
server.serve_forever()
