"""Builds and runs tests/tlog/go: a checker of logs made of Go's own code, without a network.

The Go toolchain brings golang.org/x/mod's sumdb packages along in its own source; they are copied to a temporary
folder as a module. Without a toolchain the tests that need it are skipped.
"""

import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent / "go" / "main.go"
VENDORED = Path("src/cmd/vendor/golang.org/x/mod")
BUILD_TIMEOUT_S = 600
RUN_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class GoProgram:
    """The built program."""

    path: Path

    def run(self, *words: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run it and give back how it ended; see main.go for the words."""
        return subprocess.run([self.path, *words], input=stdin, capture_output=True, timeout=RUN_TIMEOUT_S, check=False)


def build_go_program(folder: Path, cache: Path) -> GoProgram:
    """Build the program into an empty folder, or skip; the cache makes the next build quick."""
    go = _toolchain()
    root = Path(_run([go, "env", "GOROOT"], folder, cache).strip())
    if not (root / VENDORED / "sumdb").is_dir():
        pytest.skip("go toolchain absent")
    for package in ("note", "tlog"):
        shutil.copytree(root / VENDORED / "sumdb" / package, folder / "mod" / "sumdb" / package)
    shutil.copy(SOURCE, folder)
    module = "module {}\n\ngo 1.24\n"
    (folder / "mod" / "go.mod").write_text(module.format("golang.org/x/mod"))
    (folder / "go.mod").write_text(
        module.format("comity.invalid/checklog")
        + "\nrequire golang.org/x/mod v0.0.0\n\nreplace golang.org/x/mod => ./mod\n"
    )
    _run([go, "build", "-o", "checklog", "."], folder, cache)
    return GoProgram(folder / "checklog")


def _toolchain() -> str:
    package = importlib.util.find_spec("go")
    beside = [Path(package.origin).parent / "bin"] if package and package.origin else []
    found = shutil.which("go", path=os.pathsep.join(map(str, beside))) or shutil.which("go")
    if not found:
        pytest.skip("go toolchain absent")
    return found


def _run(command: list[str], folder: Path, cache: Path) -> str:
    settings = {
        "CGO_ENABLED": "0",
        "GOCACHE": str(cache),
        "GOENV": "off",
        "GOFLAGS": "-mod=mod",
        "GOPATH": str(folder / "path"),
        "GOPROXY": "off",
        "GOSUMDB": "off",
        "GOTELEMETRY": "off",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
    }
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=BUILD_TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
