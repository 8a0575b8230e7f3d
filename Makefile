# Two commands: `make demo` opens the app, `make test` checks everything. `make help` lists the rest.
#
#   PYTHON=python3.12  the Python to make the environment from (3.11 to 3.13; found by itself)
#   PORT=8501          where the app listens
#   MODEL=             a Keras model of your own to ask first, MODEL=my.keras; CLASSES=cat,dog or a
#                      file of names, RANGE=0,255 what a dark and a bright pixel are
#   GPU=1              install TensorFlow with CUDA, in an environment of its own
#   WORKERS=2          how many processes share the tests; 0 runs them in one
#   MODELS=5000        how many random models `make exactness` compares
#   ARGS=              more arguments for pytest, for example ARGS="tests/core -x"

PYTHON ?=
PORT ?= 8501
MODEL ?=
CLASSES ?=
RANGE ?=
GPU ?=
MODELS ?= 5000
ARGS ?=
WORKERS ?= 2

VENV := .venv
REQUIREMENTS := requirements.txt
# Only the app: the tests of an environment are those of requirements-dev.txt.
ifneq ($(GPU),)
demo: VENV := .venv-gpu
demo: REQUIREMENTS := requirements-gpu.txt
endif

ifeq ($(OS),Windows_NT)
RUN = $(VENV)/Scripts/python.exe
else
RUN = $(VENV)/bin/python
endif

# Any Python 3 will do to start tools/environment.py, which finds the right one.
STARTER := $(shell for p in "$(PYTHON)" python3 python python3.13 python3.12 python3.11; do \
	[ -n "$$p" ] && "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1 \
	&& { echo "\"$$p\""; break; }; done)
ENVIRONMENT = @$(if $(STARTER),,echo "Labrador needs Python 3.11 to 3.13, and no Python was found. \
	Install one, or name it: make ... PYTHON=/path/to/python3.12" >&2; exit 1;) \
	$(STARTER) tools/environment.py --folder $(VENV) --python "$(PYTHON)"

export TF_CPP_MIN_LOG_LEVEL ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test exactness lint constraints clean

help:  ## list these commands
	@echo "make demo         install what is missing and open the app (PORT=8501, GPU=1, MODEL=my.keras)"
	@echo "make test         install what is missing and run every check and test (ARGS=...)"
	@echo "make exactness    compare the sampler with plain Keras on random networks (MODELS=5000)"
	@echo "make lint         format and lint rules, types, import contracts: no tests"
	@echo "make constraints  pin anew what the requirements need in turn"
	@echo "make clean        remove the environments and what tools left behind"

demo:  ## start the app
	$(ENVIRONMENT) $(REQUIREMENTS)
	@$(RUN) tools/serve.py --port $(PORT) $(if $(MODEL),--model "$(MODEL)") \
		$(if $(CLASSES),--class-names "$(CLASSES)") $(if $(RANGE),--input-range="$(RANGE)")

test:  ## every check, every test
	$(ENVIRONMENT) requirements-dev.txt
	@$(RUN) tools/check.py
	@$(RUN) tools/browser.py --install || true  # pytest says what follows from none
	@$(RUN) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-report=term:skip-covered $(ARGS)

# Other models every time, about three a second; a difference is shrunk, shown and kept.
exactness: export LABRADOR_RANDOM_MODELS := $(MODELS)
exactness:  ## the sampler against plain Keras
	$(ENVIRONMENT) requirements-dev.txt
	@$(RUN) -m pytest tests/core/inference/test_random_models.py $(ARGS)

lint:  ## the checks without the tests
	$(ENVIRONMENT) requirements-dev.txt
	@$(RUN) tools/check.py

constraints:  ## write constraints.txt
	$(ENVIRONMENT) requirements-dev.txt
	@$(RUN) tools/pins.py

clean:  ## remove what can be made again
	rm -rf .venv .venv-gpu build dist *.egg-info .coverage htmlcov
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
