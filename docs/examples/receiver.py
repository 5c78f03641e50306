"""Receive Loudeng's webhooks: check signatures, drop repeats, print each new message as one line of JSON.

WEBHOOK_SECRET=whsec_… PORT=9000 python receiver.py | python work.py

Its only dependency is `standardwebhooks` (1.1 or newer). Run it behind TLS: Loudeng sends to https only.
"""

import json
import os
import threading
from collections import OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

SIGNED = Webhook(os.environ["WEBHOOK_SECRET"])
LARGEST = 20 * 1024  # bytes; no message is larger
REMEMBERED = 10_000  # ids, lost in a restart: repeats may come for days, the consumer must accept them
seen: OrderedDict[str, None] = OrderedDict()
one_at_a_time = threading.Lock()


class Receiver(BaseHTTPRequestHandler):
    """Answer at once and leave the work to the consumer: Loudeng sends again after 15 seconds."""

    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds until a silent connection is closed

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            self.close_connection = True  # the rest of the request is not read
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
        """Print a new message. It is remembered and acknowledged only after it was printed."""
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
    request_queue_size = 128  # Loudeng sends 16 at once; the default of 5 would refuse some


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "9000"))
    Server(("127.0.0.1", port), Receiver).serve_forever()
