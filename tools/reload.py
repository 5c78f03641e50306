"""`make dev`: the server, begun anew whenever a file of app/ or migrations/ changes; the database stays up in between."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Final

TOP: Final = Path(__file__).parents[1]
LOOK: Final = 0.5  # seconds between two looks at the files


def state() -> dict[Path, int]:
    """Return when each source file was changed."""
    files = [path for folder in ("app", "migrations") for path in (TOP / folder).rglob("*")]
    return {
        path: path.stat().st_mtime_ns for path in files if path.is_file() and "__pycache__" not in path.parts
    }


def until_changed(server: subprocess.Popen[bytes]) -> None:
    """Return when a file has changed; a server that ended by itself waits for that too."""
    before = state()
    while state() == before:
        time.sleep(LOOK)
    if server.poll() is None:
        server.send_signal(signal.SIGTERM)
    server.wait()


def stop(_: int, __: FrameType | None) -> None:
    """End as with Ctrl-C."""
    raise KeyboardInterrupt


def main() -> int:
    """Serve until Ctrl-C; return its exit status."""
    signal.signal(signal.SIGTERM, stop)
    while True:
        server = subprocess.Popen([sys.executable, "-m", "app", "serve"], cwd=TOP, start_new_session=True)
        try:
            until_changed(server)
        except KeyboardInterrupt:
            server.send_signal(signal.SIGTERM)
            server.wait()
            return 0
        sys.stderr.write("something changed: beginning anew\n")


if __name__ == "__main__":
    sys.exit(main())
