# Every word here does its own set-up: a clone, python3 with venv, node and make are enough.
# Python must keep its assertions, so an optimising setting from outside is dropped.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
SHELL := /bin/sh
unexport PYTHONOPTIMIZE

PYTHON := .venv/bin/python
READY := .venv/.ready
TEST_WORKERS ?= 2
SECONDS ?= 20
CODE := src tests bench tools
TYPED := src tests bench $(wildcard tools/*.py)

.PHONY: help setup test check receiver lint types imports docs docs-current demo bench format fuzz soak rewrite

help: ## list these words
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

setup: $(READY) ## make .venv from the hash-pinned locks

$(READY): requirements-uv.lock requirements.lock pyproject.toml
	@python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'comity: python3 is older than 3.11 or lacks venv; on Debian install python3-venv' >&2; exit 1; }
	test -x $(PYTHON) || python3 -m venv .venv
	$(PYTHON) -m pip install --quiet --require-hashes -r requirements-uv.lock
	.venv/bin/uv pip install --quiet --python $(PYTHON) --require-hashes -r requirements.lock
	.venv/bin/uv pip install --quiet --python $(PYTHON) --no-deps --no-build-isolation -e .
	touch $(READY)

test: $(READY) ## every test, ending with the table of what was skipped and why
	$(PYTHON) -m pytest -n $(TEST_WORKERS) --dist worksteal

check: export COMITY_KILLS ?= 200
check: export COMITY_THOROUGH ?= 1
check: lint types imports docs-current receiver test fuzz ## all that must hold before a change lands

# Programs and packages of others that ours is held against. They lie in .peers, nothing of ours imports them, and where
# they cannot be had the test or the figure says that it is skipped.
RECEIVER := .peers/receiver
RECEIVED := dump1090-mutability librtlsdr0 libusb-1.0-0

receiver: $(RECEIVER)/.tried ## Debian's receiver program, unpacked and not installed, for the test of feeds

$(RECEIVER)/.tried: Makefile
	@rm -rf $(RECEIVER) && mkdir -p $(RECEIVER)
	@cd $(RECEIVER) && { apt-get -qq download $(RECEIVED) || { apt-get -qq update && apt-get -qq download $(RECEIVED); }; } \
		>/dev/null 2>&1 && for package in *.deb; do dpkg-deb -x "$$package" .; done \
		|| echo 'comity: the receiver program cannot be had here; the test beside it is skipped' >&2
	@touch $@

.peers/packages/.tried: $(READY) requirements-peers.lock
	@rm -rf .peers/packages && mkdir -p .peers/packages
	@.venv/bin/uv pip install --quiet --python $(PYTHON) --target .peers/packages --no-deps --only-binary :all: \
		--require-hashes -r requirements-peers.lock \
		|| echo 'comity: the packages to compare with cannot be had here; their figures are skipped' >&2
	@touch $@

rewrite: $(READY) ## write golden results anew; read the difference before it is committed
	COMITY_REWRITE=1 $(PYTHON) -m pytest -q tests/scenarios tests/geometry tests/case

fuzz: $(READY) ## search every parser for SECONDS=20 each, two at a time
	cd tests && ../$(PYTHON) -m fuzz --seconds $(SECONDS)

soak: $(READY) ## the long rest, some hours, into docs/track-record.md; SOAK="--seeds 200 --kills 100" for less
	$(PYTHON) tools/soak.py --date $(or $(DATE),$(shell date -u +%F)) $(SOAK)

lint: $(READY)
	.venv/bin/ruff check $(CODE)
	.venv/bin/ruff format --check $(CODE)

types: $(READY)
	.venv/bin/mypy --strict $(TYPED)

imports: $(READY)
	.venv/bin/lint-imports

docs: $(READY) ## write the generated pages anew
	$(if $(wildcard tools/generate_docs.py),$(PYTHON) tools/generate_docs.py)

docs-current: $(READY)
	$(if $(wildcard tools/generate_docs.py),$(PYTHON) tools/generate_docs.py --check)

demo: $(READY) ## a day of the agreement between three offices; HEADLESS=1 ends by itself
	.venv/bin/comity demo $(if $(HEADLESS),--headless)

bench: $(READY) .peers/packages/.tried ## measure against bounds in the same run (some minutes); PARTS="judging restart" for some
	$(PYTHON) -m bench $(PARTS)

format: $(READY) ## lay the code out and mend what ruff can mend
	.venv/bin/ruff check --fix $(CODE)
	.venv/bin/ruff format $(CODE)
