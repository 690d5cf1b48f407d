# One image for ingest, worker and exporter; the command decides.
FROM node:20-bookworm-slim AS build
WORKDIR /statuslens
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY apps apps
COPY libs libs
COPY setup setup
RUN npx tsc -p tsconfig.build.json && npm prune --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim
WORKDIR /statuslens
ENV NODE_ENV=production
# less memory: docs/operations.md, Memory
ENV NODE_OPTIONS=--max-semi-space-size=4
ENV MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=65536 MALLOC_TRIM_THRESHOLD_=131072
COPY --from=build /statuslens/package.json ./
COPY --from=build /statuslens/node_modules node_modules
COPY --from=build /statuslens/dist dist
COPY --from=build /statuslens/libs/catalogue/vendors libs/catalogue/vendors
COPY --from=build /statuslens/setup setup
COPY deploy/statuslens.compose.yaml statuslens.yaml
# where a volume of the exporter is mounted, which takes over this owner
RUN install -d -o node -g node /var/lib/statuslens
USER node
CMD ["node", "--enable-source-maps", "dist/apps/ingest/src/main.js"]
