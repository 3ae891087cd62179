"""Asks Gatehouse as Envoy does over gRPC (envoy.service.auth.v3), with messages written by hand so that they can be wrong."""
import dataclasses

import grpc

CHECK = "/envoy.service.auth.v3.Authorization/Check"


def varint(value: int) -> bytes:
    result = b""
    while value > 0x7F:
        result += bytes([value & 0x7F | 0x80])
        value >>= 7
    return result + bytes([value])


def field(number: int, content: bytes | str) -> bytes:
    """A length-delimited field."""
    content = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(content)) + content


def fields(message: bytes) -> list[tuple[int, bytes | int]]:
    """The fields of a message: bytes for length-delimited ones, integers for varints."""
    result, position = [], 0

    def number() -> int:
        nonlocal position
        value = shift = 0
        while True:
            byte = message[position]
            position += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while position < len(message):
        key = number()
        if key & 7 == 0:
            result.append((key >> 3, number()))
        elif key & 7 == 2:
            length = number()
            result.append((key >> 3, message[position:position + length]))
            position += length
        else:
            width = {1: 8, 5: 4}[key & 7]
            result.append((key >> 3, message[position:position + width]))
            position += width
    return result


def check_request(
    path: str | bytes, headers: dict[str, str | bytes] | list[tuple[str, str | bytes]], *, method: str | bytes = "GET",
    host: str = "localhost", scheme: str = "http", raw_headers: bool = False,
) -> bytes:
    """A CheckRequest. `raw_headers` puts the headers in `header_map`, as Envoy does with encode_raw_headers."""
    pairs = list(headers.items()) if isinstance(headers, dict) else headers
    http = field(1, "test-request") + field(2, method)
    if raw_headers:
        http += field(13, b"".join(field(1, field(1, name) + field(3, value)) for name, value in pairs))
    else:
        http += b"".join(field(3, field(1, name) + field(2, value)) for name, value in pairs)
    http += field(4, path) + field(5, host) + field(6, scheme) + field(10, "HTTP/1.1")
    source = field(1, field(1, field(1, field(2, "127.0.0.1") + varint(3 << 3) + varint(40000))))
    return field(1, source + field(4, field(2, http)))


@dataclasses.dataclass
class Answer:
    """A CheckResponse, or the gRPC error in its place."""

    allowed: bool
    grpc_status: grpc.StatusCode
    code: int = 0
    http_status: int = 0
    set_headers: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    removed: list[str] = dataclasses.field(default_factory=list)
    body: bytes = b""

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.set_headers if key.lower() == name]


def check(port: int, message: bytes, timeout: float = 10) -> Answer:
    """Asks once. An answer is `allowed` exactly when Envoy would let the request pass."""
    options = [("grpc.max_send_message_length", -1), ("grpc.enable_http_proxy", 0)]
    with grpc.insecure_channel(f"127.0.0.1:{port}", options) as channel:
        call = channel.unary_unary(CHECK, request_serializer=bytes, response_deserializer=bytes)
        try:
            reply = call(message, timeout=timeout)
        except grpc.RpcError as error:
            return Answer(False, error.code())
    return read_answer(reply)


def health(port: int, service: str = "", timeout: float = 5) -> int:
    """grpc.health.v1: 1 is serving, 2 is not."""
    with grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.enable_http_proxy", 0)]) as channel:
        call = channel.unary_unary(
            "/grpc.health.v1.Health/Check", request_serializer=bytes, response_deserializer=bytes)
        reply = call(field(1, service) if service else b"", timeout=timeout)
    return dict(fields(reply)).get(1, 0)


def _options(content: bytes) -> tuple[str, str]:
    header = dict(fields(dict(fields(content))[1]))
    value = header.get(2) or header.get(3) or b""
    return header[1].decode(), value.decode()


def read_answer(reply: bytes) -> Answer:
    """A CheckResponse, from its bytes."""
    answer = Answer(True, grpc.StatusCode.OK)
    for number, content in fields(reply):
        if number == 1:
            answer.code = dict(fields(content)).get(1, 0)
        elif number == 2:  # denied_response
            for inner, value in fields(content):
                if inner == 1:
                    answer.http_status = dict(fields(value)).get(1, 0)
                elif inner == 2:
                    answer.set_headers.append(_options(value))
                elif inner == 3:
                    answer.body = value
        elif number == 3:  # ok_response
            for inner, value in fields(content):
                if inner == 2:
                    answer.set_headers.append(_options(value))
                elif inner == 5:
                    answer.removed.append(value.decode())
    # Envoy reads an empty reply, and code 0 whatever else it holds, as "allow".
    answer.allowed = answer.code == 0
    return answer
