# Everything that the package does, by name. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help

OUT ?= out
SECONDS ?= 60

.PHONY: help demo test mpi sanitize portable fuzz formulas math-text bench bench-peers check-peers lint format docs clean

help: ## List the goals
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: ## Train a network on two moons and draw it, into out/moons
	@.ci/needs && echo "Building (a minute, the first time) …" && \
	  swift build --quiet -c release --product micrograd && .build/release/micrograd --version && \
	  .build/release/micrograd moons --output $(OUT)/moons

test: ## Run all tests
	@.ci/needs && swift test --disable-swift-testing

sanitize: ## Run all tests under the address, undefined-behaviour and thread sanitizers
	@.ci/needs && .ci/sanitize memory && .ci/sanitize threads

mpi: ## Train over MPI, with Open MPI and MPICH: the same bits on 1 to 4 ranks, and faults (Debian and Ubuntu only)
	@.ci/needs && .ci/mpi

portable: ## Run the engine on aarch64 (QEMU) and in WebAssembly (Node), and compare the results bit by bit
	@.ci/needs && .ci/portable

fuzz: ## Feed damaged files to readers, random calls to the engine, random programs to all modes, SECONDS=60 each
	@.ci/needs && .ci/fuzz $(SECONDS) && \
	  MICROGRAD_FUZZ_SECONDS=$(SECONDS) swift test --disable-swift-testing --filter ModesAgreeTests

formulas: ## Type-check the formulas of Tests/Formulas within a limit
	@.ci/needs && .ci/formulas

math-text: ## Write anew the functions that printed programs carry, after a change to the op table or math/ (needs Python)
	@.ci/math-text

bench: ## Measure the engine against hand-written C, in one run
	@.ci/needs && swift run -c release MicrogradBench --json $(OUT)/bench.json

bench-peers: ## The same beside micrograd, PyTorch, JAX, CoDiPack, SciPy, diffrax and scikit-learn, as far as they are there
	@.ci/needs && swift build -c release --product MicrogradBench && \
	  swift build -c release --product micrograd-gradbench && \
	  python3 CSupport/peers/bench_peers.py --binary .build/release/MicrogradBench --json $(OUT)/bench.json && \
	  python3 CSupport/peers/bench_gradbench.py --binary .build/release/micrograd-gradbench \
	    --programs $(OUT)/codipack --json $(OUT)/gradbench.json && \
	  python3 CSupport/peers/bench_dynamics.py --binary .build/release/MicrogradBench --json $(OUT)/bench.json && \
	  swift build -c release --product micrograd && \
	  python3 CSupport/peers/bench_tables.py --binary .build/release/micrograd --json $(OUT)/tables.json && \
	  python3 CSupport/peers/bench_formula_fits.py --binary .build/release/micrograd

check-peers: ## Let PyTorch and safetensors read what is saved here (needs both, and NumPy, in Python)
	@.ci/needs && rm -rf $(OUT)/checkpoints && \
	  MICROGRAD_FILES_FOR_PYTHON="$$PWD/$(OUT)/checkpoints" swift test --disable-swift-testing --filter FilesForPython && \
	  python3 CSupport/peers/check_checkpoints.py $(OUT)/checkpoints

lint: ## Check the formatting of all Swift sources, and that the engine's files keep to their floors
	@swift format lint --strict --parallel --recursive Package.swift Sources Tests || \
	  { echo "To fix the formatting, run make format. Fix other findings, such as missing comments, by hand." >&2; exit 1; }
	@.ci/floors && .ci/floors --self-test

format: ## Format all Swift sources
	@swift format format --in-place --parallel --recursive Package.swift Sources Tests

docs: ## Write the documentation as web pages, into out/docs
	@.ci/needs && .ci/docs $(OUT)/docs

clean: ## Delete what was built
	@rm -rf .build .build-* $(OUT)
