# `make run` and `make test` each set up what is missing first.
.PHONY: run test test-all lint bench screenshots clean
PY := .venv/bin/python
# Tests wait for processes of their own: three at a time keep two cores busy, and whoever is done
# takes over what waits elsewhere.
SPREAD := -n 3 --dist worksteal

run:
	@.ci/setup run
	@if [ -t 0 ] && [ -t 1 ]; then exec .venv/bin/gradus; else \
	  echo "Gradus needs a terminal for its screens, and there is none here. Line by line: .venv/bin/gradus study --plain"; \
	  echo "Gradus 的界面需要终端，这里没有。可以逐行学习：.venv/bin/gradus study --plain --language zh"; fi

test: lint
	@$(PY) -m pytest $(SPREAD)

test-all: lint
	@$(PY) -m pytest $(SPREAD) -m "slow or not slow"

lint:
	@.ci/setup test
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports

bench:
	@.ci/setup test
	@$(PY) -m tests.benchmarks

screenshots:
	@.ci/setup test
	@$(PY) -m tests.screens.render

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
