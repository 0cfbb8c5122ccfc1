#!/bin/sh
# Runs stages where /app/reports is a volume: lays this image's pages on it first, so that no page of an older image
# stays; the published site does.
set -eu
find reports -mindepth 1 -maxdepth 1 ! -name dist -exec rm -rf {} +
cp -R /usr/local/share/volbook/reports/. reports/
exec node pipeline/run.ts "$@"
