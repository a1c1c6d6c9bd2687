# Two commands do it all on a fresh machine: `make quickstart` (the main job) and `make test`.

SHELL := /bin/bash

.PHONY: install vllm quickstart test test-all bench lint docs collection clean

install:  ## .venv with everything, and bubblewrap
	@scripts/install

vllm:  ## .venv-vllm: vLLM in an environment of its own, for a GPU where there is one, else for the CPU
	@scripts/vllm

quickstart: install  ## the whole loop: challenges, trajectories, a student, the comparison; ARGS=--full, ARGS=--small
	.venv/bin/synthgym quickstart $(ARGS)

# Tests are run from a folder of their own: what they leave is not left in the checkout.
ROOT := $(CURDIR)
PYTHON := $(ROOT)/.venv/bin/python
AWAY := mkdir -p build/away && cd build/away &&

lint: install  ## ruff, mypy --strict, the floors, and no circle of imports
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy --cache-dir build/mypy
	.venv/bin/lint-imports --cache-dir build/import_linter
	.venv/bin/python scripts/import_circles.py

# Two test processes, a thread each; three where many wait for servers and sandboxes.
test test-all: export OMP_NUM_THREADS ?= 1

PYTEST := -m pytest -c $(ROOT)/pyproject.toml --rootdir $(ROOT) -p no:cacheprovider

TESTS := --dist loadfile --ignore $(ROOT)/tests/benchmarks $(ROOT)/tests

test: lint  ## some minutes: all but what takes long
	$(AWAY) $(PYTHON) $(PYTEST) -n 2 -m "not slow" $(TESTS) $(ARGS)

test-all: lint  ## everything
	$(AWAY) $(PYTHON) $(PYTEST) -n 3 $(TESTS) $(ARGS)

bench: install  ## timings, as ratios within one run
	$(AWAY) $(PYTHON) $(PYTEST) -s $(ROOT)/tests/benchmarks $(ARGS)

# The shipped collection and its teacher's trajectories, made anew; the same bytes as long as the authors are the same.
CORE := build/core
PACK := registry/core.synthgym.zip
EXAMPLES := digits-log-loss-a7c5 auction-game-098e
collection: export SYNTHGYM_COLLECTIONS := $(CORE)
collection: export SYNTHGYM_TRUST := $(CORE)
collection: install
	rm -rf $(PACK) $(CORE) build/teacher registry/examples
	.venv/bin/synthgym synthesize --author procedural --n 400 --seed 2026 --namespace synthgym --out $(CORE) --jobs 2 \
		--title 'The challenges that come with synthgym'
	.venv/bin/synthgym rollout --envs 'synthgym/*' --split train --agent scripted --episodes 1 --out build/teacher --jobs 2
	mkdir -p $(CORE)/trajectories
	.venv/bin/synthgym export build/teacher --format trajectories --all --no-timings --out $(CORE)/trajectories/teacher.jsonl.zst
	.venv/bin/synthgym pack $(CORE) --out $(PACK)
	.venv/bin/synthgym unpack $(PACK) --out registry/examples --only $(EXAMPLES)

docs: install  ## the docs as a site, in build/docs; a warning is an error
	NO_MKDOCS_2_WARNING=1 .venv/bin/python -m mkdocs build

clean:
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
