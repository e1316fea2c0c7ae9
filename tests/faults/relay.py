"""A line in between that is cut after so many bytes."""

import socket
import threading
from contextlib import suppress
from types import TracebackType


class Relay:
    """Passes what clients and a server say to each other. The first line is cut once so many bytes went one way; those after it never.

    `to_server` and `to_client` are the bytes that pass, -1 for any number; `passed` is how many passed each way on the first line.
    """

    def __init__(self, port: int, *, to_server: int = -1, to_client: int = -1) -> None:
        self.server, self.allowed = port, [(to_server, to_client)]
        self.passed = {"to_server": 0, "to_client": 0}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        self.threads = [threading.Thread(target=self._accept, daemon=True)]
        self.lines: list[socket.socket] = []

    def __enter__(self) -> "Relay":
        self.threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        # Closing alone would not wake who waits for clients.
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(10)
        for line in self.lines:
            line.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.server))
                self.lines += [client, server]
                to_server, to_client = self.allowed.pop() if self.allowed else (-1, -1)
                is_first = len(self.lines) == 2
                self._start(client, server, to_server, "to_server" if is_first else "")
                self._start(server, client, to_client, "to_client" if is_first else "")

    def _start(self, source: socket.socket, target: socket.socket, allowed: int, name: str) -> None:
        thread = threading.Thread(target=self._pass, args=(source, target, allowed, name), daemon=True)
        self.threads.append(thread)
        thread.start()

    def _pass(self, source: socket.socket, target: socket.socket, allowed: int, name: str) -> None:
        passed = 0
        with suppress(OSError):
            while passed != allowed and (piece := source.recv(65_536 if allowed < 0 else min(65_536, allowed - passed))):
                target.sendall(piece)
                passed += len(piece)
                if name:
                    self.passed[name] = passed
        for line in (source, target):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
