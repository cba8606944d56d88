.DEFAULT_GOAL := help
PY := .venv/bin/python
PATHS := rpa flows tests examples benchmarks
# Some images forbid Python to keep what it compiled: every program then compiles it all again.
unexport PYTHONDONTWRITEBYTECODE

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

setup: ## Install what is missing: programs by apt, the Python environment in .venv
	@tools/setup

demo: setup ## Show everything on twelve documents, from fax to archive and report
	@.venv/bin/rpa demo

test: setup ## Run every test
	@$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: setup format-check lint types imports test ## Everything that CI checks

format-check:
	@.venv/bin/ruff format --check $(PATHS)

lint:
	@.venv/bin/ruff check $(PATHS)

types:
	@.venv/bin/mypy

imports:
	@.venv/bin/lint-imports --no-logo

coverage: setup ## Run every test traced, and demand that 90 % of the branches were taken
	@$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder --cov --cov-report=
	@.venv/bin/coverage report --fail-under=90

fix: setup ## Repair what can be repaired: format, lint
	@.venv/bin/ruff check --fix $(PATHS)
	@.venv/bin/ruff format $(PATHS)

bench: setup ## Measure; the figures seen stand in docs/benchmarks.md
	@for each in benchmarks/bench_*.py; do echo "== $$each"; $(PY) $$each; done

messages: setup ## Take new messages into the French catalogue
	@.venv/bin/pybabel -q extract -F babel.cfg --no-location --sort-output --project paperless-rpa -k _ -o .messages.pot .
	@.venv/bin/pybabel -q update -N -D rpa -l fr -i .messages.pot -o rpa/locale/fr/LC_MESSAGES/rpa.po
	@rm -f .messages.pot

requirements: setup ## Pin the newest allowed versions by hash, without naming where they come from
	@.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --no-header --no-strip-extras --no-emit-index-url --group dev --all-extras pyproject.toml -o requirements.txt

.PHONY: help setup demo test check format-check lint types imports coverage fix bench messages requirements
