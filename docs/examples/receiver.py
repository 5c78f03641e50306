"""Receives Loudeng's webhooks: checks each signature, drops repeats, prints every new message as one line of JSON.

WEBHOOK_SECRET=whsec_… PORT=9000 python receiver.py | python work.py

Needs `standardwebhooks` (1.1 or newer) and nothing else. Put TLS in front of it: Loudeng sends to https addresses only.
"""

import json
import os
import threading
from collections import OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

SIGNED = Webhook(os.environ["WEBHOOK_SECRET"])
LARGEST = 20 * 1024  # bytes; no message is larger
REMEMBERED = 10_000  # ids; a message may come again for days; after a restart whoever works must bear that
seen: OrderedDict[str, None] = OrderedDict()
one_at_a_time = threading.Lock()


class Receiver(BaseHTTPRequestHandler):
    """Answers within a moment; the work itself is somebody else's, or Loudeng would send again after 15 seconds."""

    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds for a silent connection

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            self.close_connection = True  # what else was sent is not read
            self.answer(413)
            return
        body = self.rfile.read(int(length))
        try:
            event = SIGNED.verify(body, {name.lower(): value for name, value in self.headers.items()})
        except (WebhookVerificationError, ValueError):
            self.answer(401)  # not from Loudeng, or older than five minutes
            return
        with one_at_a_time:
            self.keep(self.headers["webhook-id"], event)
        self.answer(204)

    def keep(self, message: str, event: dict[str, object]) -> None:
        """Print a message that is new; only then is it remembered, and answered."""
        if message in seen:
            return
        print(json.dumps({"message": message, **event}, ensure_ascii=False), flush=True)
        seen[message] = None
        if len(seen) > REMEMBERED:
            seen.popitem(last=False)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()


class Server(ThreadingHTTPServer):
    request_queue_size = 128  # Loudeng sends 16 at once; Python's own 5 would turn some away


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "9000"))
    Server(("127.0.0.1", port), Receiver).serve_forever()
