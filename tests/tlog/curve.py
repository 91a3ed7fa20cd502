"""A slow, plain edwards25519, to make the signatures that honest software never makes."""

from dataclasses import dataclass
from hashlib import sha512

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


@dataclass(frozen=True, slots=True)
class Point:
    """An affine point of -x^2 + y^2 = 1 + d x^2 y^2."""

    x: int
    y: int

    def __add__(self, other: "Point") -> "Point":
        cross = D * self.x * other.x * self.y * other.y
        x = (self.x * other.y + self.y * other.x) * pow(1 + cross, -1, P)
        y = (self.y * other.y + self.x * other.x) * pow(1 - cross, -1, P)
        return Point(x % P, y % P)

    def __rmul__(self, times: int) -> "Point":
        result, power = ZERO, self
        while times:
            if times & 1:
                result = result + power
            power, times = power + power, times >> 1
        return result


ZERO = Point(0, 1)


def at(y: int, sign: int) -> Point | None:
    """The point with this y and this parity of x, if there is one."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    if root * root % P != square:
        root = root * pow(2, (P - 1) // 4, P) % P
    if root * root % P != square:
        return None
    return Point(root if root & 1 == sign else (P - root) % P, y)


def base() -> Point:
    """The generator of RFC 8032."""
    point = at(4 * pow(5, -1, P) % P, 0)
    assert point is not None
    return point


def torsion() -> list[Point]:
    """The eight points of low order, as the multiples of one of order eight; the first is zero."""
    y = 2
    while True:
        point = at(y, 0)
        if point is not None:
            eighth = L * point
            if 4 * eighth != ZERO:
                return [times * eighth for times in range(8)]
        y += 1


def encodings(point: Point) -> list[bytes]:
    """Every 32 bytes that a lenient decoder reads as this point, the canonical ones first."""
    found = []
    for y in (point.y, point.y + P):
        for sign in (0, 1):
            if y < 2**255 and (point.x & 1 == sign or point.x == 0):
                found.append((y | sign << 255).to_bytes(32, "little"))
    return found


def challenge(nonce: bytes, key: bytes, message: bytes) -> int:
    """k of RFC 8032 section 5.1.7."""
    return int.from_bytes(sha512(nonce + key + message).digest(), "little") % L
