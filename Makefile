# Every target does its own set-up. `make help` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(CURDIR)/.cache/tools/bin:$(PATH)
PROFILE ?= release

.PHONY: help
help: ## lists the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 20

.PHONY: setup
setup: ## installs what the build needs and this machine lacks
	@scripts/setup.sh

.PHONY: build
build: setup vmod bindings ## builds everything: VMOD, bindings, TypeScript, playground
	tsc -b ts
	vite build --logLevel warn ts/playground

.PHONY: vmod
vmod: setup ## builds target/vmod/libvmod_ghost.so (PROFILE=debug for the debug build)
	@crates/ghost-vmod/build.sh $(PROFILE)

.PHONY: bindings
bindings: setup ## builds the core for Node: WASM and native addon
	@ts/core/scripts/build.sh

.PHONY: generate
generate: setup ## writes what is generated: JSON Schema, TypeScript types, error pages
	@node ts/core/scripts/generate.mjs

.PHONY: generate-check
generate-check: setup ## fails when something generated is stale
	@node ts/core/scripts/generate.mjs --check

.PHONY: manifests
manifests: setup ## writes the manifests that are made of types: CustomResourceDefinitions
	@node ts/operator/scripts/manifests.mjs

.PHONY: fuzz
fuzz: setup ## runs every fuzz target for SECONDS (default 600)
	@scripts/fuzz.sh $(or $(SECONDS),600)

.PHONY: mutants
mutants: setup ## seeds one-line faults; each must make a test fail
	@node scripts/mutants.mjs

.PHONY: demo
demo: build ## real varnishd, two backends, live changes under load: the main job in a minute
	@npx --no-install ghostctl demo

.PHONY: test
test: ## every quick suite, from a bare clone
	@$(MAKE) --no-print-directory build
	@node scripts/suites.mjs run test

.PHONY: test-long
test-long: ## the long suites of .ci/run: oracle, fuzzing, debug VMOD, demo
	@$(MAKE) --no-print-directory build
	@node scripts/suites.mjs run long

.PHONY: ready
ready: build ## format, lint, types, tests, drift: what CI runs before the long suites
	@node scripts/suites.mjs run test

.PHONY: format
format: setup ## writes the one format
	cargo fmt --all
	oxfmt

.PHONY: vtc
vtc: vmod ## runs the varnishtest cases
	@vtc/run

.PHONY: engines
engines: setup ## puts Varnish 7.7 and Vinyl Cache 9.0 into .cache/engines, once
	@scripts/engines.sh

.PHONY: matrix
matrix: engines vtc ## runs the varnishtest cases on every engine
	@vtc/matrix $(PROFILE)

.PHONY: case-coverage
case-coverage: setup ## prints the rules of the checklist that no case covers
	@node tests/case-coverage.mjs

.PHONY: oracle
oracle: build ## 1,000,000 random requests against the reference router
	@node tests/oracle/src/main.ts --requests 1000000 --seed 1

.PHONY: bench
bench: setup ## the core against its peers, as ratios of one run
	@cargo run --release --quiet -p ghost-bench

.PHONY: bench-cli
bench-cli: build ## start-up of ghostctl simulate over that of node
	@node tests/bench/cli-startup.mjs

.PHONY: clean
clean: ## removes what was built, not what was downloaded
	rm -rf target ts/*/dist ts/*/*.tsbuildinfo ts/core/native ts/core/wasm
