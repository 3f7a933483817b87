# syntax=docker/dockerfile:1.7
ARG NODE_VERSION=latest
FROM busybox:${NODE_VERSION} AS base
ENV NODE_ENV=production \
    PNPM_HOME=/pnpm \
    PATH=/pnpm:$PATH
WORKDIR /usr/src/app

FROM base AS deps
RUN --mount=type=bind,source=package.json,target=package.json \
    --mount=type=cache,target=/root/.npm,id=convert-npm-CASE \
    cp package.json /deps.json && \
    mkdir -p node_modules/dep && echo dep > node_modules/dep/index.js

FROM deps AS build
COPY . .
RUN mkdir -p dist && cat src/*.txt > dist/main.js

FROM base AS final
USER daemon
COPY package.json .
COPY --from=deps --chown=daemon:daemon /usr/src/app/node_modules ./node_modules
COPY --from=build /usr/src/app/dist ./dist
EXPOSE 3000
CMD node dist/main.js
