# Two commands do it all on a fresh machine: `make quickstart` (the main job) and `make test`.

SHELL := /bin/bash

.PHONY: install vllm quickstart test test-fast bench lint wheel collection clean

install:  ## .venv with everything, and bubblewrap
	@scripts/install

vllm:  ## .venv-vllm: vLLM in an environment of its own, for a GPU where there is one, else for the CPU
	@scripts/vllm

quickstart: install  ## the whole loop: challenges, trajectories, a student, the comparison; ARGS=--full, ARGS=--small
	.venv/bin/synthgym quickstart $(ARGS)

# What is tested is what users get: the built wheel, installed, from outside the checkout, whose own ./synthgym would
# shadow it. build/venv has the wheel in it and, through a path file, the other packages of .venv, but not the editable
# install: path files are not followed inside a folder that a path file names.
BUILT := build/venv/bin/python
ROOT := $(CURDIR)
AWAY := mkdir -p build/away && cd build/away &&

wheel: install
	@rm -rf build/lib build/bdist.* build/dist
	@mkdir -p build
	@.venv/bin/python -m build --wheel --no-isolation --outdir build/dist . > build/wheel.log 2>&1 || { cat build/wheel.log; exit 1; }
	@test -x $(BUILT) || .venv/bin/python -m venv --without-pip build/venv
	@.venv/bin/python -c "import sysconfig; print(sysconfig.get_path('purelib'))" \
		> $$($(BUILT) -c "import sysconfig; print(sysconfig.get_path('purelib'))")/shared.pth
	@.venv/bin/python -m pip --python $(BUILT) install -q --disable-pip-version-check --no-deps --force-reinstall build/dist/*.whl
	@$(AWAY) $(ROOT)/$(BUILT) -c "import synthgym; assert 'build/venv' in synthgym.__file__, synthgym.__file__"

lint: wheel  ## ruff, mypy --strict, the floors
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	@$(AWAY) echo "mypy --strict -p synthgym" && \
		$(ROOT)/$(BUILT) -m mypy --config-file $(ROOT)/pyproject.toml --cache-dir $(ROOT)/build/mypy -p synthgym
	@$(AWAY) echo "lint-imports" && $(ROOT)/$(BUILT) $(ROOT)/.venv/bin/lint-imports --config $(ROOT)/pyproject.toml \
		--cache-dir $(ROOT)/build/import_linter

# Two test processes, a thread each. The wheel, which is elsewhere, is told where `make vllm` has put vLLM.
test test-fast: export OMP_NUM_THREADS ?= 1
ifneq ($(wildcard .venv-vllm/.installed),)
test: export SYNTHGYM_VLLM ?= $(ROOT)/.venv-vllm
endif

PYTEST := -m pytest -c $(ROOT)/pyproject.toml --rootdir $(ROOT) -p no:cacheprovider

test: lint  ## everything, on the built wheel
	$(AWAY) $(ROOT)/$(BUILT) $(PYTEST) -n 2 --dist loadfile --ignore $(ROOT)/tests/benchmarks $(ROOT)/tests $(ARGS)

test-fast: install  ## the checkout as it stands, without the slow tests
	$(AWAY) $(ROOT)/.venv/bin/python $(PYTEST) -m "not slow" --ignore $(ROOT)/tests/benchmarks $(ROOT)/tests $(ARGS)

bench: wheel  ## timings, as ratios within one run
	$(AWAY) $(ROOT)/$(BUILT) $(PYTEST) -s $(ROOT)/tests/benchmarks $(ARGS)

# The shipped collection and its teacher's trajectories, made anew; the same bytes as long as the authors are the same.
CORE := registry/core
collection: install
	rm -rf $(CORE) build/teacher
	.venv/bin/synthgym synthesize --author procedural --n 400 --seed 2026 --namespace synthgym --out $(CORE) --jobs 2 \
		--title 'The challenges that come with synthgym'
	.venv/bin/synthgym rollout --envs 'synthgym/*' --split train --agent scripted --episodes 1 --out build/teacher --jobs 2
	mkdir -p $(CORE)/trajectories
	.venv/bin/synthgym export build/teacher --format trajectories --all --no-timings --out $(CORE)/trajectories/teacher.jsonl.zst

clean:
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
