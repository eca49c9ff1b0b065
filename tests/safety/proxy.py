"""Between a client and PostgreSQL: passes on what they say, and cuts the connection where it is told to."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from selectors import EVENT_READ, DefaultSelector
from threading import Thread
from typing import Literal

from sqlalchemy import URL, make_url

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
"""The message by which a client asks for a commit."""

Side = Literal["client", "server"]

Cutter = Callable[[Side, bytes], bytes | None]
"""Is told what a side says; gives what is still passed on before the connection is cut, or None to leave it alone."""


def never(_side: Side, _said: bytes) -> None:
    """Leave the connection alone."""


class Proxy:
    """A port of its own, behind which is the server of a ledger."""

    def __init__(self, ledger: str, listener: socket.socket) -> None:
        self.cutter: Cutter = never
        self.is_open = True
        """Whether anybody is let in."""
        self._listener = listener
        self._server = make_url(ledger)
        self._threads: list[Thread] = []

    @property
    def url(self) -> str:
        """The ledger, reached through here."""
        query = {name: value for name, value in self._server.query.items() if name not in ("host", "port")}
        host, port = self._listener.getsockname()
        through = self._server.set(host=host, port=port, query={**query, "sslmode": "disable", "gssencmode": "disable"})
        return through.render_as_string(hide_password=False)

    def serve(self) -> None:
        """Let clients in until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._threads.append(Thread(target=self._converse, args=(client,)))
                self._threads[-1].start()

    def join(self) -> None:
        """Wait until the last client has gone."""
        for each in self._threads:
            each.join()

    def _converse(self, client: socket.socket) -> None:
        with client, suppress(ConnectionError), DefaultSelector() as selector:
            if not self.is_open:
                return
            with _connected(self._server) as server:
                selector.register(client, EVENT_READ, ("client", server))
                selector.register(server, EVENT_READ, ("server", client))
                while True:
                    for key, _ in selector.select():
                        side, other = key.data
                        said = key.fileobj.recv(1 << 16)  # type: ignore[union-attr]  # a socket, as registered
                        last = self.cutter(side, said) if said else b""
                        other.sendall(said if last is None else last)
                        if last is not None:
                            return


def _connected(to: URL) -> socket.socket:
    host = str(to.query.get("host", to.host or "localhost"))
    port = to.port or 5432
    if not host.startswith("/"):
        return socket.create_connection((host, port))
    server = socket.socket(socket.AF_UNIX)
    server.connect(f"{host}/.s.PGSQL.{port}")
    return server


@contextmanager
def proxied(ledger: str) -> Iterator[Proxy]:
    """A proxy before the server of a ledger; whoever came through it has to be gone by the end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(ledger, listener)
        serving = Thread(target=proxy.serve)
        serving.start()
        yield proxy
        listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in it
    serving.join()
    proxy.join()
