"""A directory that answers as a test says, and knows what OpenLDAP does not: Active Directory's matching rules."""
import dataclasses
import socket
import socketserver
import struct
import threading

IN_CHAIN = "1.2.840.113556.1.4.1941"
BIT_AND = "1.2.840.113556.1.4.803"
PAGES = "1.2.840.113556.1.4.319"

# RFC 4511: the operations' tags.
BIND, BOUND, SEARCH, ENTRY, DONE, REFERENCE, UNBIND = 0x60, 0x61, 0x63, 0x64, 0x65, 0x73, 0x42
EXTENDED, EXTENDED_ANSWER = 0x77, 0x78
# RFC 8446 section 5.1: a client's first record.
HANDSHAKE = 0x16
SUCCESS, INVALID_CREDENTIALS, NO_SUCH_OBJECT, OPERATIONS_ERROR = 0, 49, 32, 1


# BER, as far as LDAP has it (RFC 4511 section 5.1).

def ber(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    length = bytes([size]) if size < 0x80 else bytes([0x84]) + size.to_bytes(4, "big")
    return bytes([tag]) + length + content


def text(value: str | bytes, tag: int = 0x04) -> bytes:
    return ber(tag, value.encode() if isinstance(value, str) else value)


def number(value: int, tag: int = 0x02) -> bytes:
    return ber(tag, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def elements(content: bytes) -> list[tuple[int, bytes]]:
    found, position = [], 0
    while position < len(content):
        tag, size = content[position], content[position + 1]
        position += 2
        if size >= 0x80:
            width = size & 0x7F
            size, position = int.from_bytes(content[position:position + width], "big"), position + width
        found.append((tag, content[position:position + size]))
        position += size
    return found


@dataclasses.dataclass
class Person:
    """An entry: attributes by their names in lower case."""

    dn: str
    attributes: dict[str, list[bytes]]
    password: str | None = None

    def values(self, name: str) -> list[bytes]:
        return self.attributes.get(name.lower(), [])


def entry(dn: str, password: str | None = None, **attributes) -> Person:
    lists = {name.lower(): value if isinstance(value, list) else [value] for name, value in attributes.items()}
    return Person(dn, {name: [one if isinstance(one, bytes) else str(one).encode() for one in values] for name, values in lists.items()},
                  password)


class ScriptedDirectory:
    """Serves `entries` on loopback. `behaviour` is one of `good`, `silent` (accepts, and says nothing), `half` (stops in the middle of
    each answer), `slow` (a second for each answer), `handshake` (good, but for TLS' handshake, in which it says nothing), `closes` and
    `resets` (good, but for each bind, on which the connection ends: by FIN, by RST)."""

    def __init__(self, port: int, entries: list[Person] = ()):
        self.port = port
        self.entries = list(entries)
        self.behaviour = "good"
        self.filters: list[str] = []
        self.binds: list[str] = []
        self.connections = 0
        self.questions = 0
        self.goes_on = threading.Event()
        directory = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                directory.connections += 1
                _Conversation(directory, self.request).run()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads, allow_reuse_address, request_queue_size = True, True, 256

        self._server = Server(("127.0.0.1", port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.goes_on.set()
        self._server.shutdown()
        self._server.server_close()

    def by_dn(self, dn: str) -> Person | None:
        return next((one for one in self.entries if one.dn.lower() == dn.lower()), None)

    # Filters (RFC 4511 section 4.5.1.7).

    def fits(self, one: Person, tag: int, content: bytes) -> bool:
        match tag:
            case 0xA0:
                return all(self.fits(one, *part) for part in elements(content))
            case 0xA1:
                return any(self.fits(one, *part) for part in elements(content))
            case 0xA2:
                return not self.fits(one, *elements(content)[0])
            case 0xA3:
                name, value = (part for _, part in elements(content))
                return value.lower() in [known.lower() for known in one.values(name.decode())]
            case 0x87:
                return content.lower() == b"objectclass" or bool(one.values(content.decode()))
            case 0xA9:
                parts = dict(elements(content))
                return self._extended(one, parts[0x81].decode(), parts[0x82].decode(), parts[0x83].decode())
        raise ValueError(f"filter {tag:#x}")

    def _extended(self, one: Person, rule: str, name: str, value: str) -> bool:
        """As Active Directory has them: a bit mask, and a chain of links to a DN."""
        self.filters.append(f"{name}:{rule}:={value}")
        if rule == BIT_AND:
            return any(int(known) & int(value) == int(value) for known in one.values(name))
        assert rule == IN_CHAIN, rule
        return self._leads_to(one, name, value.lower(), set())

    def _leads_to(self, one: Person, name: str, dn: str, seen: set[str]) -> bool:
        seen.add(one.dn.lower())
        linked = [known.decode().lower() for known in one.values(name)]
        return dn in linked or any(
            self._leads_to(next_one, name, dn, seen) for known in linked
            if known not in seen and (next_one := self.by_dn(known)) is not None)


class _Conversation:
    """One connection."""

    PAGE = 2

    def __init__(self, directory: ScriptedDirectory, connection: socket.socket):
        self.directory, self.connection = directory, connection
        self.is_bound = False

    def run(self) -> None:
        received = b""
        try:
            while chunk := self.connection.recv(65536):
                received += chunk
                if received[0] == HANDSHAKE:
                    self.directory.goes_on.wait(1 if self.directory.behaviour == "slow" else 60)
                    return
                while (size := self._size(received)) is not None and len(received) >= size:
                    message, received = received[:size], received[size:]
                    if not self._answer(elements(elements(message)[0][1])):
                        return
        except OSError:
            pass

    @staticmethod
    def _size(received: bytes) -> int | None:
        """Of the message that begins here; None while its length is not there."""
        if len(received) < 2:
            return None
        width = received[1] & 0x7F if received[1] >= 0x80 else 0
        if len(received) < 2 + width:
            return None
        return 2 + width + (int.from_bytes(received[2:2 + width], "big") if width else received[1])

    def _send(self, identifier: bytes, *answers: bytes, controls: bytes = b"") -> None:
        """Each in a message of its own; `controls` go with the last."""
        messages = [ber(0x30, text(identifier, 0x02), answer) for answer in answers[:-1]]
        content = b"".join(messages) + ber(0x30, text(identifier, 0x02), answers[-1], controls)
        match self.directory.behaviour:
            case "silent":
                self.directory.goes_on.wait(60)
            case "half":
                self.connection.sendall(content[:len(content) // 2])
                self.directory.goes_on.wait(60)
                content = content[len(content) // 2:]
            case "slow":
                self.directory.goes_on.wait(1)
        self.connection.sendall(content)

    @staticmethod
    def _result(tag: int, code: int, why: str = "") -> bytes:
        return ber(tag, number(code, 0x0A), text(""), text(why))

    def _answer(self, message: list[tuple[int, bytes]]) -> bool:
        identifier, (operation, content) = message[0][1], message[1]
        self.directory.questions += 1
        if operation == UNBIND:
            return False
        if operation == BIND:
            answer = self._bind(content)
            if self.directory.behaviour in ("closes", "resets"):
                self._end()
                return False
            self._send(identifier, answer)
        elif operation == SEARCH:
            controls = elements(message[2][1]) if len(message) > 2 else []
            self._search(identifier, content, controls)
        elif operation == EXTENDED:
            self._send(identifier, self._result(EXTENDED_ANSWER, SUCCESS))
        return True

    def _end(self) -> None:
        """With nothing said. RST is what a connection without time to linger ends with."""
        if self.directory.behaviour == "resets":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Not as the server would end it afterwards: with a FIN in any case.
        self.connection.close()

    def _bind(self, content: bytes) -> bytes:
        _, (_, name), (_, password) = elements(content)
        self.directory.binds.append(name.decode())
        known = self.directory.by_dn(name.decode())
        self.is_bound = known is not None and known.password is not None and known.password.encode() == password
        if self.is_bound:
            return self._result(BOUND, SUCCESS)
        return self._result(BOUND, INVALID_CREDENTIALS, "80090308: LdapErr: DSID-0C09042A, comment: AcceptSecurityContext error, data 52e, v4563")

    def _search(self, identifier: bytes, content: bytes, controls: list[tuple[int, bytes]]) -> None:
        base, scope, _, _, _, _, (tag, condition), wanted = elements(content)
        if not self.is_bound:
            return self._send(identifier, self._result(
                DONE, OPERATIONS_ERROR, "000004DC: LdapErr: DSID-0C0907C2, comment: In order to perform this operation a successful bind "
                "must be completed on the connection."))
        below, names = base[1].decode().lower(), [name.decode().lower() for _, name in elements(wanted[1])]
        inside = [one for one in self.directory.entries
                  if one.dn.lower() == below or scope[1] != b"\0" and one.dn.lower().endswith("," + below)]
        if not inside:
            return self._send(identifier, self._result(DONE, NO_SUCH_OBJECT))
        found = [one for one in inside if self.directory.fits(one, tag, condition)]
        start, control = self._page(controls, len(found))
        answers = [self._entry(one, names) for one in found[start:start + self.PAGE if control else None]]
        # As a domain controller does for a search below the domain.
        answers.append(ber(REFERENCE, text("ldap://DomainDnsZones.corp.example.com/DC=DomainDnsZones,DC=corp,DC=example,DC=com")))
        self._send(identifier, *answers, self._result(DONE, SUCCESS), controls=control)

    def _page(self, controls: list[tuple[int, bytes]], count: int) -> tuple[int, bytes]:
        """Where it begins (RFC 2696), and the control that goes with it; none where none was asked for."""
        for _, control in controls:
            parts = elements(control)
            if parts[0][1].decode() == PAGES:
                _, cookie = elements(elements(parts[-1][1])[0][1])
                start = int(cookie[1] or b"0")
                following = str(start + self.PAGE) if start + self.PAGE < count else ""
                value = ber(0x30, number(0), text(following))
                return start, ber(0xA0, ber(0x30, text(PAGES), text(value)))
        return 0, b""

    @staticmethod
    def _entry(one: Person, names: list[str]) -> bytes:
        shown = [(name, values) for name, values in one.attributes.items() if name in names]
        return ber(ENTRY, text(one.dn), ber(0x30, *(
            ber(0x30, text(name), ber(0x31, *(text(value) for value in values))) for name, values in shown)))
