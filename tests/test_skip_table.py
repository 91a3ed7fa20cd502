"""The skip table counts every kind of skip and fails a run for a reason not on the list."""

from pathlib import Path

import pytest

PLUGIN = Path(__file__).with_name("skip_table.py").read_text("utf-8")
SKIPS = {
    "mark": "@pytest.mark.skip(reason='tired')\ndef test_marked(): ...",
    "run time": "def test_at_run_time():\n    pytest.skip('tired')",
    "whole file": "pytest.skip('tired', allow_module_level=True)",
    "expected to fail": "@pytest.mark.xfail(reason='tired')\ndef test_not_yet():\n    assert False",
}


@pytest.fixture
def tree(pytester: pytest.Pytester) -> pytest.Pytester:
    """A tree with the plugin and a list of one reason."""
    pytester.makeconftest(PLUGIN)
    pytester.makeini("[pytest]\nskip_list = skips.txt\n")
    (pytester.path / "skips.txt").write_text("# a comment\n\nsea too rough: boats stay in port\n", "utf-8")
    return pytester


def test_listed_reason_passes(tree: pytest.Pytester) -> None:
    """A reason on the list is counted, shown once, and leaves the run green."""
    tree.makepyfile(
        """
        import pytest

        @pytest.mark.skip(reason="sea too rough")
        def test_marked(): ...

        def test_at_run_time():
            pytest.skip("sea too rough")

        def test_runs(): ...
        """
    )
    result = tree.runpytest()
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*skipped, and why*", "    2  sea too rough"])
    result.stdout.no_fnmatch_line("*NOT ON THE LIST*")


@pytest.mark.parametrize("body", SKIPS.values(), ids=SKIPS)
def test_unlisted_reason_fails(tree: pytest.Pytester, body: str) -> None:
    """A reason not on the list fails the run, however the test was skipped and beside however many that pass."""
    tree.makepyfile(test_skips=f"import pytest\n\n{body}\n", test_runs="def test_runs(): ...")
    result = tree.runpytest()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["    1  *tired  NOT ON THE LIST", "the run fails: 1 reason(s) not on the list*"])


def test_workers_count_once(tree: pytest.Pytester) -> None:
    """Spread over two workers, each skip still counts once and an unlisted reason still fails the run."""
    files = {f"test_{number}": f"import pytest\n\n{body}\n" for number, body in enumerate(SKIPS.values())}
    tree.makepyfile(**files)
    result = tree.runpytest_subprocess("-n", "2", "-p", "no:hypothesispytest")  # a plugin that costs seconds
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["    1  expected to fail: tired  NOT ON THE LIST", "    3  tired  NOT ON THE LIST"])


def test_green_run_says_so(tree: pytest.Pytester) -> None:
    """A run that skipped nothing says that it skipped nothing."""
    tree.makepyfile("def test_runs(): ...")
    result = tree.runpytest()
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["nothing was skipped"])


def test_failure_keeps_its_own_status(tree: pytest.Pytester) -> None:
    """A run that fails by itself still prints the table."""
    tree.makepyfile(
        "import pytest\n\ndef test_fails():\n    assert False\n\ndef test_skips():\n    pytest.skip('tired')"
    )
    result = tree.runpytest()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["    1  tired  NOT ON THE LIST"])


def test_reason_without_why_is_misuse(tree: pytest.Pytester) -> None:
    """A line of the list that does not say why stops the run before it starts."""
    (tree.path / "skips.txt").write_text("tired\n", "utf-8")
    result = tree.runpytest()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*'tired' has no sentence why*"])
