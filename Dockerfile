# One image a service: pipeline, api, dashboard (docs/containers.md). Node runs the TypeScript as it stands, so nothing
# is compiled; root owns what an image holds and uid 1000 (node) runs it.

FROM node:24-bookworm-slim AS base
WORKDIR /app
ENV NODE_ENV=production
STOPSIGNAL SIGTERM

# What the lockfile names and nothing else; no package runs a script of its own.
FROM base AS deps
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error --no-update-notifier

# What the pipeline and the server have in common, and the folder the lake is mounted on.
FROM base AS build
COPY --from=deps /app/node_modules ./node_modules
COPY package.json package-lock.json ./
COPY config ./config
COPY src ./src
RUN install --directory --owner=1000 --group=1000 data
ENV DATA_DIR=/app/data

# One run of the stages named as arguments. The pages are here twice: report.sh lays the second copy on the volume that
# keeps the site, and whatever owns that folder here owns the volume.
FROM build AS pipeline
COPY pipeline ./pipeline
COPY reports /usr/local/share/volbook/reports
COPY infra/containers/report.sh ./infra/containers/report.sh
COPY --chown=1000:1000 reports ./reports
USER 1000:1000
ENTRYPOINT ["node", "pipeline/run.ts"]
CMD ["site"]

FROM build AS api
ENV HOST=0.0.0.0 PORT=8000
EXPOSE 8000
USER 1000:1000
# On one core each of V8's four other threads takes as much of it as the thread that answers, for the tenth of a second in
# which memory is looked through: one is enough. C's allocator keeps less of what was freed, and in one place.
ENV MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=65536
CMD ["node", "--v8-pool-size=1", "--no-parallel-scavenge", "src/server/main.ts"]

# The site is not in the image: it is data, mounted on /site.
FROM base AS dashboard
COPY package.json ./
COPY reports/serve.ts ./reports/serve.ts
RUN install --directory --owner=1000 --group=1000 /site
ENV HOST=0.0.0.0 PORT=8080 SITE_DIR=/site/dist
EXPOSE 8080
USER 1000:1000
CMD ["node", "reports/serve.ts"]
