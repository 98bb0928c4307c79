# Every target makes what it needs by itself, and is fast when it is there.
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
PLUGINS := plugins/trackersync-github plugins/trackersync-jira plugins/trackersync-file plugins/trackersync-sandbox
SOURCES := src $(PLUGINS:%=%/src)
INSTALLED := $(VENV)/.installed
PAGE := src/trackersync/report/html/built/page.js
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo page test lint types bench kill docs screenshots format clean

help:  ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 10

$(INSTALLED): pyproject.toml constraints.txt $(PLUGINS:%=%/pyproject.toml)
	test -x $(BIN)/python || python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]' $(PLUGINS:%=-e %)
	touch $@

page/node_modules/.installed: page/package-lock.json
	cd page && npm ci --ignore-scripts --silent
	touch $@

$(PAGE): page/node_modules/.installed page/build.mjs $(wildcard page/src/*)
	cd page && npm run --silent build
	touch $@

page: $(PAGE)  ## build the script of the HTML report (needs Node; a wheel has it)

demo: $(INSTALLED)  ## run the whole job against the built-in sandbox
	@$(BIN)/trackersync demo

test: $(INSTALLED) $(PAGE)  ## run every test, core and plugins, with branch coverage
	$(BIN)/python -m pytest -n auto --cov --cov-report=term $(PYTEST_ARGS)

lint: $(INSTALLED) page/node_modules/.installed  ## style, formatting and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	cd page && npm run --silent lint

types: $(INSTALLED) page/node_modules/.installed  ## mypy and tsc, strict, on core, plugins and page
	$(BIN)/mypy $(SOURCES)
	cd page && npm run --silent types

bench: $(INSTALLED) $(PAGE)  ## measure what we claim, as ratios within one run
	@$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[bench]'
	$(BIN)/python -m pytest tests/benchmarks -o 'norecursedirs=.*' -s -q

kill: $(INSTALLED)  ## kill an apply at 200 random points, and see that nothing is lost or written twice
	$(BIN)/python tests/kill/kill_anywhere.py $(KILL_ARGS)

docs: $(INSTALLED)  ## write docs/reference/commands.md anew from the commands
	$(BIN)/python tests/tools/command_reference.py

screenshots: $(INSTALLED) $(PAGE)  ## draw the pictures in docs/images anew (needs Debian's chromium)
	rm -f docs/images/*.webp
	TRACKERSYNC_SCREENSHOTS=kept $(BIN)/python -m pytest -q --no-cov tests/e2e/test_screenshots.py

format: $(INSTALLED) page/node_modules/.installed  ## rewrite files the way lint wants them
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	cd page && npm run --silent format

clean:  ## remove what the other targets made
	rm -rf $(VENV) page/node_modules $(dir $(PAGE)) screenshots .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage* build dist
