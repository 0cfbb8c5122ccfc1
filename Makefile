# Run `make` for the targets. Variables: SOURCE CSV_DIR DATA_DIR CONFIG AS_OF VINTAGE NOW PORT HOST (docs/commands.md).
.DEFAULT_GOAL := help
.PHONY: help report ingest features train infer targets prove api dash test verify multiverse notebooks lab bench docs build clean
export SOURCE CSV_DIR DATA_DIR CONFIG AS_OF VINTAGE NOW PORT HOST RATE_LIMIT SITE_DIR API_KEY CORS_ORIGINS CACHE_SECONDS THREADS
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
INSTALLED := node_modules/.package-lock.json

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

report: $(INSTALLED) ## bars -> features -> labels -> walk-forward -> train -> infer -> site: reports/dist/index.html
	@node pipeline/run.ts site

ingest features train infer prove: %: $(INSTALLED)
	@node pipeline/run.ts $@
ingest: ## fetch daily bars into the lake
features: ## compute the features (and what they need)
train: ## walk-forward, gates, the model's artifact (and what they need)
infer: ## forecasts with their drivers (and what they need)
prove: ## show that nothing looks ahead, on futures that did not happen (and what it needs)

targets: $(INSTALLED) ## the models on other symbols, side by side (config/targets)
	@node pipeline/targets.ts

api: $(INSTALLED) ## the prediction server on 127.0.0.1:$PORT (8000)
	@env MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=65536 node --v8-pool-size=1 --no-parallel-scavenge src/server/main.ts

dash: $(INSTALLED) ## the site with live preview
	@node reports/preview.ts

test: $(INSTALLED) ## the whole gate: types, lint, tests; ends with `N passed, N failed, N skipped`
	@node test/gate.ts

verify: $(INSTALLED) ## derive every published number again and compare
	@node pipeline/verify.ts

multiverse: $(INSTALLED) ## what holds under every combination of defensible choices (minutes; goes on where it was stopped)
	@node pipeline/run.ts $@

notebooks: $(INSTALLED) ## execute the notebooks that changed, or whose data did, into reports/dist/notebooks
	@npm run --silent build && /usr/bin/python3 notebooks/run.py --out reports/dist/notebooks

lab: $(INSTALLED) ## open the notebooks in Jupyter
	@npm run --silent build && notebooks/lab.sh

bench: $(INSTALLED) ## benchmarks as ratios: bench/results.md
	@node bench/run.ts

docs: $(INSTALLED) ## write the generated parts of docs/
	@node pipeline/docs.ts && node src/server/docExamples.fixture.ts

build: ## the container images
	@infra/containers/build.sh

clean: ## remove what can be made again, but not data/
	@rm -rf dist build reports/dist reports/.observablehq reports/src/data

$(INSTALLED): package.json package-lock.json
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@
