"""Addresses of sources as people write them, and the remedies for those that lead nowhere."""

from __future__ import annotations

import pytest

from comity.model.errors import Misuse
from comity.office.sky.address import Wanted, wanted


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("sbs://mast:30003", Wanted("n", "sbs", "sbs://mast:30003", "mast", 30003)),
        ("sbs://mast", Wanted("n", "sbs", "sbs://mast", "mast", 30003)),
        ("sbs://[::1]:7?time=arrival", Wanted("n", "sbs", "sbs://[::1]:7", "::1", 7, by_arrival=True)),
        ("http://m/a.json", Wanted("n", "http", "http://m/a.json", "m", 80)),
        ("https://m:8/a.json?every=5", Wanted("n", "https", "https://m:8/a.json", "m", 8, every_s=5.0)),
        ("http://m/a.json?every=0.001", Wanted("n", "http", "http://m/a.json", "m", 80, every_s=0.2)),
        ("cot+tcp://m", Wanted("n", "cot+tcp", "cot+tcp://m", "m", 8087)),
        ("cot+udp://0.0.0.0:4242", Wanted("n", "cot+udp", "cot+udp://0.0.0.0:4242", "0.0.0.0", 4242)),
        ("file:a/b.csv", Wanted("n", "file", "a/b.csv")),
        ("file:///a/b.csv?speed=60", Wanted("n", "file", "/a/b.csv", speed=60.0)),
        ("file:b.csv?speed=most&from=now", Wanted("n", "file", "b.csv", speed=0.0, from_now=True)),
    ],
)
def test_address_is_read(address: str, read: Wanted) -> None:
    """Scheme, place and options are what they say."""
    assert wanted("n", address) == read


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("mast:30003", "begin with one of"),
        ("", "begin with one of"),
        ("ftp://mast", "begin with one of"),
        ("sbs://", "leads nowhere"),
        ("file:", "leads nowhere"),
        ("sbs:mast", "names no host"),
        ("sbs://:30003", "names no host"),
        ("sbs://mast:port", "names no host"),
        ("sbs://mast:99999", "names no host"),
        ("cot+udp://mast", "names no port"),
        ("sbs://mast:1?speed=2", "speed is no option of sbs"),
        ("sbs://mast:1?time=theirs", "can be set to arrival"),
        ("file:a?from=then", "from to now"),
        ("file:a?speed=0", "no number above 0"),
        ("file:a?speed=nan", "no number above 0"),
        ("file:a?speed=fast", "no number above 0"),
        ("http://m/a?every=-1", "no number above 0"),
    ],
)
def test_bad_address_is_misuse_with_its_remedy(address: str, remedy: str) -> None:
    """What leads nowhere is refused with what to write."""
    with pytest.raises(Misuse, match=remedy):
        wanted("n", address)


@pytest.mark.parametrize("name", ["", "-n", "a b", "n" * 33, "n\n", "é"])
def test_bad_name_is_misuse(name: str) -> None:
    """Names are short and plain."""
    with pytest.raises(Misuse, match="no name for a source"):
        wanted(name, "sbs://mast")
