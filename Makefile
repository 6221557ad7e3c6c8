# One line of intent each; what they do stands in scripts/.
# PYTHON and NODE may name the interpreters to use; otherwise they are looked for.
# ARGS is handed on: make test ARGS="tests/kit -x", make bench ARGS="--json"
SHELL := /bin/sh
ARGS ?=
INSTALL = "$$(scripts/find-python)" scripts/install.py

.PHONY: install run test check bench format lock clean

install: ## Everything from a bare checkout to .venv/bin/earful
	@$(INSTALL)

run: install ## A running desk with a rehearsal network in it
	@EARFUL_DATA_DIR="$${EARFUL_DATA_DIR:-$(CURDIR)/.earful}" exec .venv/bin/earful demo $(ARGS)

test: ## All tests: real PostgreSQL, real network, real browser
	@$(INSTALL) --dev --browser
	@scripts/test $(ARGS)

check: ## Lint, format, types and the laws of import, in Python and TypeScript
	@$(INSTALL) --dev
	@scripts/check

bench: install ## The figures of docs/benchmarks on this machine
	@exec .venv/bin/earful bench $(ARGS)

format: ## Rewrite the Python sources as the checks want them
	@$(INSTALL) --dev
	@.venv/bin/python -m ruff check --fix -q . && .venv/bin/python -m ruff format -q .

lock: ## Renew the three lock files from pyproject.toml
	@$(INSTALL)
	@scripts/lock $(ARGS)

clean: ## Remove what was built; the data directory stays
	@rm -rf .venv .make dist build src/earful/static web/node_modules tests/browser/node_modules tests/bluesky_network/node_modules
