"""The image's health check: exit 0 when the API answers, or where there is none the worker."""

import os
import sys
import urllib.error
import urllib.request

API = int(os.environ.get("LOUDENG_PORT", "8000"))
WORKER = int(os.environ.get("LOUDENG_HEALTH_PORT", "8001"))

for port in (API, WORKER):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=3)
    except urllib.error.HTTPError:
        sys.exit(1)  # there is somebody, and unwell
    except OSError as error:
        if not isinstance(getattr(error, "reason", error), ConnectionRefusedError):
            sys.exit(1)  # there is somebody, and silent
    else:
        sys.exit(0)
sys.exit(1)
