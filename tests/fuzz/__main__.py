"""Fuzzes parsers, each in a process of its own: python -m fuzz [PARSER ...] --seconds 20 --jobs 2 (tests on the path).

What breaks the law of the table is kept in .run/fuzz/<parser>/ and named; exit 1 then. With --keep the inputs that
together reach everything are distilled into the corpus, small ones only. Without atheris: exit 0 and a line saying so.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
WORK = HERE.parent.parent / ".run" / "fuzz"
INPUT_S = 5  # a single input that takes longer breaks the law
MEMORY_MB = 1536
INSTRUMENTED = (
    "comity.airspace.fix",
    "comity.interfaces.case.archive",
    "comity.interfaces.case.claims",
    "comity.interfaces.case.openings",
    "comity.interfaces.case.pins",
    "comity.interfaces.cli.protected_file",
    "comity.interfaces.feeds",
    "comity.interfaces.play.script",
    "comity.model.charter",
    "comity.model.codec",
    "comity.model.entry",
    "comity.model.protected",
    "comity.model.terms_check",
    "comity.model.terms_file",
    "comity.model.terms_gaps",
    "comity.model.terms_problem",
    "comity.model.terms_shape",
    "comity.model.toml_lines",
    "comity.office.messages",
    "comity.office.private",
    "comity.tlog",
    "fuzz.parsers",
    "fuzz.tracks",
    "tomllib",
)  # instrumenting everything that these import takes many times longer and finds no more
SPARE_S = 120  # for starting, and for the last input


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one parser."""

    name: str
    inputs: int
    seconds: int
    broken: str


def main() -> int:
    """Runs what was asked; 1 if a law was broken."""
    given = _arguments()
    if given.worker:
        _work(given.parsers[0], given.rest)
    if importlib.util.find_spec("atheris") is None:
        print("fuzz: skipped: atheris absent")
        return 0
    names = given.parsers or _names()
    with ThreadPoolExecutor(given.jobs) as pool:
        results = list(pool.map(lambda name: _run(name, given.seconds), names))
        if given.keep:
            list(pool.map(_distil, names))
    for each in results:
        print(f"{each.name:12} {each.inputs:>12,} inputs in {each.seconds:>4} s  {each.broken or 'nothing found'}")
    found = sum(bool(each.broken) for each in results)
    print(f"fuzz: {len(results)} parsers, {sum(each.inputs for each in results):,} inputs, {found} broke the law")
    return 1 if found else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("parsers", nargs="*", metavar="PARSER")
    parser.add_argument("--seconds", type=int, default=20, help="for each parser")
    parser.add_argument("--jobs", type=int, default=2, help="at a time")
    parser.add_argument("--keep", action="store_true", help="distil what was found into the corpus")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    given, rest = parser.parse_known_args()
    if rest and not given.worker:
        parser.error(f"unknown: {' '.join(rest)}")
    unknown = set(given.parsers) - set(_names())
    if unknown:
        parser.error(f"no parser {', '.join(sorted(unknown))}; known are {', '.join(_names())}")
    given.rest = rest
    return given


def _names() -> list[str]:
    """Read from the text of the table: importing it here would leave it without instruments."""
    return re.findall(r'^    "(\w+)": Parser\(', (HERE / "parsers.py").read_text("utf-8"), re.MULTILINE)


def _run(name: str, seconds: int) -> Ran:
    place = _prepared(name)
    begun = time.monotonic()
    try:
        done = _worker(name, place, f"-max_total_time={seconds}", limit_s=seconds + SPARE_S)
        said, code = done.stdout, done.returncode
    except subprocess.TimeoutExpired as error:
        said, code = str(error.stdout), -1
    took_s = round(time.monotonic() - begun)
    executed = re.search(r"stat::number_of_executed_units:\s*(\d+)", said)
    (place / "said").write_text(said, "utf-8")
    broken = "" if code == 0 else f"BROKEN (exit {code}): {_reason(said)}; see {place.relative_to(HERE.parent.parent)}"
    return Ran(name, int(executed[1]) if executed else 0, took_s, broken)


def _prepared(name: str) -> Path:
    """An empty place with the seeds; they are written by a process that may import the table."""
    place = WORK / name
    shutil.rmtree(place, ignore_errors=True)
    for part in ("found", "seeds"):
        (place / part).mkdir(parents=True)
    (CORPUS / name).mkdir(parents=True, exist_ok=True)
    return place


def _worker(name: str, place: Path, *words: str, limit_s: float) -> subprocess.CompletedProcess[str]:
    settings = ["-print_final_stats=1", f"-timeout={INPUT_S}", f"-rss_limit_mb={MEMORY_MB}", "-verbosity=1"]
    places = [f"-artifact_prefix={place}/", str(place / "found"), str(place / "seeds"), str(CORPUS / name)]
    command = [sys.executable, "-m", "fuzz", name, "--worker", *settings, *words, *places]
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=limit_s,
        cwd=HERE.parent,
        check=False,
    )


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines()]
    errors = [line for line in lines if re.match(r"(\w+\.)*\w*(Error|Exception|Malformed)\b|==\d+== ERROR", line)]
    return (errors or lines[-1:] or ["nothing was said"])[0][:160]


def _distil(name: str) -> None:
    """Puts the distilled inputs in place of the corpus kept so far, but for those kept under a name of their own."""
    command = [sys.executable, "-m", "fuzz.distil", name, str(WORK / name / "found"), str(CORPUS / name)]
    subprocess.run(command, cwd=HERE.parent, check=True)


def _work(name: str, words: list[str]) -> None:
    """The process of one parser; ends by itself."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=list(INSTRUMENTED)):
        from fuzz.parsers import PARSERS
    parser = PARSERS[name]
    folders = [Path(word) for word in words if not word.startswith("-")]
    for folder in folders:
        if folder.name == "seeds":
            for number, data in enumerate(parser.seeds()):
                (folder / str(number)).write_bytes(data)
    lengths = [] if any(word.startswith("-max_len") for word in words) else [f"-max_len={parser.bytes_most}"]

    def once(data: bytes) -> None:
        parser.accepts(data)

    atheris.Setup([sys.argv[0], *lengths, *words], once)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
