"""The few ways in which the world says no, named by whose fault it is."""


class Malformed(Exception):
    """Bytes that are not what they claim to be; the message names the thing and the remedy."""


class PeerError(Exception):
    """Another office, or the way to it, did not do what was asked of it."""


class Misuse(Exception):
    """The person at this keyboard asked for something that cannot be asked."""
