# Every target sets up what it needs; only Python >= 3.11, git and make are taken for granted.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
PACKAGES := alerts classifier config core crawler hongtou scheduler storage
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
# Without --no-deps older pips stumble over one extra that two libraries spell differently; the lock is complete.
INSTALL := install --no-deps --require-hashes
# A module stays with one worker, so that what it sets up is set up once; modules come in the order of tests/conftest.py.
DIST := --dist loadfile --no-loadscope-reorder
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url -q
ARGS ?=
# Tests start the program dozens of times: where nobody may write bytecode, each start compiles it all anew.
export PYTHONDONTWRITEBYTECODE :=

# An environment whose Python no longer starts (an upgrade took it away) is made anew.
$(shell $(BIN)/python -c '' 2>/dev/null || rm -f $(VENV)/.runtime $(VENV)/.dev $(BIN)/python)

.PHONY: help run demo test test-all check format lock coverage build clean

help: ## Show the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

run: $(VENV)/.runtime ## Watch the shipped sources: the daemon on SQLite under ./data (stop with Ctrl-C)
	@$(BIN)/python -m hongtou run $(ARGS)

demo: $(VENV)/.runtime ## The whole product offline, on a rehearsal web, in about a minute
	@$(BIN)/python -m hongtou demo $(ARGS)

test: $(VENV)/.dev ## The test suite
	@$(BIN)/python -m pytest -n 2 $(DIST) -m 'not slow' $(ARGS)

test-all: $(VENV)/.dev ## Every test, the slow ones too
	@$(BIN)/python -m pytest -n 2 $(DIST) $(ARGS)

coverage: $(VENV)/.dev ## Tests with branch coverage, and its floors
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m pytest -n 2 $(DIST) -m 'not slow' --cov --cov-report= $(ARGS)
	@$(BIN)/python -m coverage report --fail-under=90
	@$(BIN)/python -m coverage report --include='core/*,hongtou/intake.py,hongtou/dispatch.py,hongtou/inspection.py' --fail-under=100

check: $(VENV)/.dev ## Linters, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@PYTHONPATH=. $(BIN)/lint-imports
	@$(BIN)/codespell $(PACKAGES) tests benchmarks docs README.md CHANGELOG.md CONTRIBUTING.md Makefile
	@$(BIN)/validate-pyproject pyproject.toml > /dev/null

format: $(VENV)/.dev ## Put the code into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: ## Lock the dependencies anew (needs uv)
	$(COMPILE) pyproject.toml --extra postgres --extra tune --group dev -o requirements/dev.lock
	$(COMPILE) pyproject.toml --extra postgres -c requirements/dev.lock -o requirements/runtime.lock
	echo scipy | $(COMPILE) - --no-deps -c requirements/dev.lock -o requirements/tune.lock

build: $(VENV)/.dev ## The wheel, into ./dist
	@$(BIN)/python -m hatchling build -t wheel

clean: ## Remove the environment and all caches; ./data is left alone
	rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage .coverage.*

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "hongtou: no Python 3.11 or newer with venv was found; install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV) with $(PYTHON) ..."
	@$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.runtime: requirements/runtime.lock | $(VENV)/bin/python
	@echo "Installing what Hongtou needs (once) ..."
	@$(PIP) $(INSTALL) -r requirements/runtime.lock
	@$(BIN)/python -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "hongtou-checkout.pth").write_text(str(pathlib.Path.cwd()) + "\n")'
	@printf '#!/bin/sh\nexec "%s/bin/python" -m hongtou "$$@"\n' "$(abspath $(VENV))" > $(BIN)/hongtou && chmod +x $(BIN)/hongtou
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.runtime
	@echo "Installing what tests and checks need (once) ..."
	@$(PIP) $(INSTALL) -r requirements/dev.lock
	@touch $@
