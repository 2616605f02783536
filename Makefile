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
matrix: engines vtc ## runs the varnishtest cases on every engine; no cell of row x filter x engine may be empty
	@vtc/matrix $(PROFILE)
	@node vtc/table.mjs --results

.PHONY: vmod-faults
vmod-faults: setup ## seeds one-line faults in the VMOD; each must make its case fail
	@node scripts/vmod-faults.mjs

.PHONY: vmod-storm
vmod-storm: vmod ## 100 reloads a second under load, every request in a ledger
	@node tests/runners/storm.ts

.PHONY: vmod-churn
vmod-churn: vmod ## 1,000 reloads; memory, files and backends must go back to where they were
	@node tests/runners/churn.ts

.PHONY: bench-vmod
bench-vmod: vmod ## the VMOD against VCL that does the same, in one varnishd
	@command -v wrk >/dev/null || { echo 'please install wrk' >&2; exit 1; }
	@node tests/bench/vmod/bench.ts

.PHONY: case-coverage
case-coverage: setup ## prints the rules of the checklist that no case covers
	@node tests/case-coverage.mjs

.PHONY: rule-coverage
rule-coverage: setup ## prints the rules of the Gateway API that no pair of files covers
	@node tests/rule-coverage.mjs

.PHONY: oracle
oracle: build ## 1,000,000 random requests against the reference router
	@node tests/oracle/src/main.ts --requests 1000000 --seed 1

.PHONY: bench
bench: setup ## the core against its peers, as ratios of one run
	@cargo run --release --quiet -p ghost-bench

.PHONY: bench-cli
bench-cli: build ## ghostctl: start-up, check, diff, replay, each over its peer
	@cargo build --release --quiet -p ghost-bench --bin parse-json
	@node tests/bench/cli.mjs

.PHONY: cluster
cluster: setup ## a Kubernetes cluster on this machine, without containers' engines; stays until interrupted (NAME=dev)
	@node tests/cluster/src/main.ts $(or $(NAME),dev)

.PHONY: conformance
conformance: build ## the official Gateway API suite against Ghost in a cluster; the score is compared (WRITE=1 keeps it, ENTRANT=ghost-core is short)
	@cargo build --quiet --locked -p ghost-edge
	@node tests/conformance/src/main.ts --entrant $(or $(ENTRANT),ghost) $(if $(WRITE),--write)

.PHONY: chaos
chaos: build ## faults under load on every engine there is: lost, wrong, recovery (CHAOS=--short for a short form)
	@node tests/chaos/run.ts $(CHAOS)
	@for root in .cache/engines/*/; do \
	  if [ -e "target/engines/$$(basename $$root)/vmod/libvmod_ghost.so" ]; then node tests/chaos/run.ts $(CHAOS) --engine "$$root"; fi; \
	done

.PHONY: soak
soak: build ## reloads and kills for MINUTES (default 180): memory, descriptors and backends stay flat
	@node tests/chaos/soak.ts $(or $(MINUTES),180)

.PHONY: bench-chaperone
bench-chaperone: build ## from a saved file to new routing, over a bare inotify event and a reload by hand
	@node tests/bench/chaperone/run.ts

.PHONY: bench-translate
bench-translate: build ## 10,000 HTTPRoutes translated: time, memory, one change, pauses
	@node tests/bench/translate.mjs

.PHONY: edge
edge: setup ## builds target/edge/ghost-edge: one static binary without libraries of its own
	@crates/ghost-edge/build.sh

.PHONY: edge-tests
edge-tests: setup ## ghost-edge between real clients and real backends
	@cargo build --quiet -p ghost-edge
	@node tests/edge/run.ts $(TEST)

.PHONY: h2spec
h2spec: setup ## h2spec, strict, against ghost-edge
	@cargo build --quiet -p ghost-edge
	@node tests/edge/h2spec.ts

.PHONY: clean
clean: ## removes what was built, not what was downloaded
	rm -rf target ts/*/dist ts/*/*.tsbuildinfo ts/core/native ts/core/wasm
