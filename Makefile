# Everything runs in .venv, which the first target makes. Works with GNU make 3.81 (macOS) and newer.
PYTHON ?=
export PYTHON
BIN = .venv/bin
ARGS ?=

.PHONY: help demo demo-aws test format docs soak bench lock clean

help:
	@echo 'make demo      investigate the built-in incident (ARGS="--plain" prints the report)'
	@echo 'make demo-aws  the same, asking a loopback AWS in place of saved answers'
	@echo 'make test      formatter, linter, types, import contracts, tests: what CI runs'
	@echo 'make soak      the full figures of the promises; takes long'
	@echo 'make bench     the figures of the README, as ratios measured in one run'
	@echo 'make format    rewrite the code as the formatter wants it'
	@echo 'make docs      write the generated pages of docs/ again: tools, rules, ATT&CK layer'
	@echo 'make lock      resolve the dependencies again and write the hashed locks'
	@echo 'make clean     remove .venv and all caches'

demo: .venv/product
	@$(BIN)/python -P -m investigator demo $(ARGS)

demo-aws: .venv/dev
	@$(BIN)/python -P -m investigator demo --aws $(ARGS)

test: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto $(ARGS)

soak: .venv/dev
	INVESTIGATOR_SOAK=1 $(BIN)/pytest -n auto -m 'soak or not soak' $(ARGS)

bench: .venv/dev
	@for figure in startup one_key pivot chains rules ingest; do $(BIN)/python -m "benchmarks.$$figure" || exit 1; done

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: .venv/dev
	$(BIN)/python -P scripts/tools_page.py
	$(BIN)/python -m scripts.rules_page
	$(BIN)/python -m scripts.attack_layer

UV_COMPILE = $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --upgrade

lock: .venv/dev
	$(UV_COMPILE) pyproject.toml -o requirements.txt
	$(UV_COMPILE) pyproject.toml --extra demo --group dev -c requirements.txt -o requirements-dev.txt

.venv/product: requirements.txt scripts/setup scripts/setup.py
	@scripts/setup requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt requirements.txt scripts/setup scripts/setup.py
	@scripts/setup requirements-dev.txt
	@touch .venv/product $@

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
