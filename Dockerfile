# One image for every service: docker build --build-arg SERVICE=users .
# Node runs the TypeScript as it is, so there is no build step; it refuses to strip types below node_modules, so the
# image keeps the workspace's layout.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS dependencies
ARG SERVICE
WORKDIR /rollcall
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY patches patches
COPY packages packages
COPY services/${SERVICE} services/${SERVICE}
RUN test -n "${SERVICE}" \
  && npx --yes "$(node -p 'require("./package.json").packageManager')" install \
    --frozen-lockfile --prod --filter "@rollcall/${SERVICE}..." \
  && find packages services -name '*.test.ts' -not -path '*/node_modules/*' -delete \
  && rm -rf packages/testing

FROM ${NODE_IMAGE}
ARG SERVICE
ENV NODE_ENV=production PORT=8080 INNER_PORT=9090 MALLOC_ARENA_MAX=2
COPY --from=dependencies /rollcall /rollcall
WORKDIR /rollcall/services/${SERVICE}
USER node
EXPOSE 8080 9090
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.INNER_PORT}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Without a shell in between: Node is the first process, and SIGTERM reaches it. The options bound its memory, see
# infra/stack/service-command.ts.
CMD ["node", "--max-semi-space-size=8", "--heap-growing-percent=40", "src/main.ts"]
