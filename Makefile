# A fresh clone needs `make demo` or `make test`, nothing before.
SHELL := bash
HOST_PATH := $(PATH)
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

INSTALLED := node_modules/.package-lock.json
ELASTICSEARCH := node scripts/elasticsearch.ts
JEST := NODE_OPTIONS="--experimental-vm-modules --disable-warning=ExperimentalWarning" jest
GENERATED := docs/CONFIGURATION.md docs/FIELDS.md docs/OPERATIONS.md deploy/elasticsearch/roles.json hunts kibana \
  pipelines/minecanary-enrich.json
# More words for Jest, such as JEST_ARGS="--json --outputFile=results.json" or JEST_ARGS="-- socket".
JEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help install demo test test-security test-browser test-deploy test-faults test-compat check lint generate acceptance bench bench-elastic es-up es-down es-url

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Node 24 and the dependencies, into node_modules (every target does it when needed)

demo: $(INSTALLED) ## Load a sample into the local Elasticsearch, tag it, and show what was found
	@node scripts/demo.ts

test: $(INSTALLED) ## Unit tests, and integration tests on a real Elasticsearch
	@$(JEST) --selectProjects unit integration $(JEST_ARGS)

test-security: $(INSTALLED) ## Roles, TLS and secrets, on an Elasticsearch with security on (needs Java, Maven and openssl)
	@$(JEST) --selectProjects security --runInBand $(JEST_ARGS)

test-browser: $(INSTALLED) ## The report and the Kibana panels, drawn by Chromium (needs Debian's chromium package, or CHROMIUM)
	@$(JEST) --selectProjects browser $(JEST_ARGS)

test-deploy: $(INSTALLED) ## What deploy/ holds, read by the tools it is for (needs Python, Go and promtool)
	@$(JEST) --selectProjects deploy $(JEST_ARGS)

test-faults: $(INSTALLED) ## Kills, dying nodes and failing networks; MINECANARY_FAULTS=long for the long round
	@$(JEST) --selectProjects faults --runInBand $(JEST_ARGS)

test-compat: $(INSTALLED) ## The integration tests on Elasticsearch 8.19
	@$(JEST) --selectProjects compat $(JEST_ARGS)

check: $(INSTALLED) lint generate ## Types, lint, and whether the generated files and the lock file are right
	@tsc
	@changed="$$(git status --porcelain -- $(GENERATED))"; [ -z "$$changed" ] || \
	  { printf 'Commit what \`make generate\` wrote:\n%s\n' "$$changed" >&2; exit 1; }
	@! grep -n '"resolved": "http' package-lock.json || { echo 'package-lock.json names a registry host.' >&2; exit 1; }

lint: $(INSTALLED) ## Lint and format check
	@oxlint --type-aware
	@biome check .

generate: $(INSTALLED) ## Write the files that are made from others: pages of docs/, hunts, Kibana's objects, the pipeline, the roles
	@node scripts/generate.ts

acceptance: $(INSTALLED) ## Scan the event files of MINECANARY_REAL_DATA, beside Sigma's mining rules (needs Python)
	@$(JEST) --selectProjects acceptance $(JEST_ARGS)

bench: $(INSTALLED) ## Measure: ratios, both sides in one run
	@node --expose-gc test/bench/main.ts

bench-elastic: $(INSTALLED) ## Measure reading at scale, on an Elasticsearch of its own (an hour and more)
	@node --expose-gc test/bench/elastic/main.ts --events 1000000,5000000

es-up: $(INSTALLED) ## Start the local Elasticsearch, or find the one that runs
	@$(ELASTICSEARCH) up

es-down: $(INSTALLED) ## End the local Elasticsearch; its data stay in .elasticsearch/
	@$(ELASTICSEARCH) down

es-url: $(INSTALLED) ## Print the URL of the local Elasticsearch
	@$(ELASTICSEARCH) url

# The host's own node runs npm, since npm ci takes node_modules away under itself. All it says goes to stderr.
$(INSTALLED): package-lock.json
	@exec >&2; export PATH="$(HOST_PATH)"; \
	command -v npm > /dev/null && command -v node > /dev/null || \
	  { echo 'npm was not found: install Node 20 or newer (https://nodejs.org), which brings it.'; exit 1; }; \
	version="$$(node --version)"; major="$${version#v}"; major="$${major%%.*}"; \
	[ "$$major" -ge 20 ] || { echo "Node $$version is too old for npm ci: install Node 20 or newer."; exit 1; }; \
	echo 'Installing Node 24 and the dependencies (npm ci) ...'; \
	npm ci --loglevel=error || exit 1; \
	[ -x node_modules/.bin/node ] || [ "$$major" -ge 24 ] || { rm -f $(INSTALLED); \
	  echo "No Node 24 package for this platform, and the host has $$version: install Node 24 or newer."; exit 1; }
