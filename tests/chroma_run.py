"""`chroma run` on this machine, for the length of a test module."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from index.server import ChromaServer
from index.vectors import Collections


class Running:
    """`chroma run` over one folder, at one port; can be ended and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        command = [Path(sys.executable).with_name("chroma"), "run", "--path", self._folder, "--port", str(self._port)]
        self._process = subprocess.Popen(
            [*command, "--host", "127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(600):
            try:
                with urlopen(f"{self.url}/api/v2/heartbeat"):
                    return
            except OSError:
                time.sleep(0.1)
        self.kill()
        raise AssertionError("the Chroma server did not start")

    def pause(self, stop: bool = True) -> None:
        self._process.send_signal(signal.SIGSTOP if stop else signal.SIGCONT)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def server(self) -> ChromaServer:
        return ChromaServer(self.url)

    def names(self) -> list[str]:
        return Collections(self.server).names("")
