#!/bin/sh
# Runs scripts/<task>.ts with the Bun that package.json pins, after bringing what is missing:
# Bun itself (the npm package `bun`) and the packages of bun.lock.
set -eu
cd "$(dirname "$0")/.."
task=$1
shift
version=$(sed -n 's/.*"bun": "\([^"]*\)".*/\1/p' package.json)
tools=.cache/bun-$version
bun=$tools/node_modules/.bin/bun

if ! [ -x "$bun" ]; then
  command -v npm >/dev/null || { echo "luakit: npm is needed once, to install Bun $version" >&2; exit 1; }
  echo "luakit: installing Bun $version" >&2
  mkdir -p "$tools"
  npm install --silent --no-audit --no-fund --no-package-lock --prefix "$tools" "bun@$version" >&2
fi
if ! cmp -s bun.lock node_modules/.luakit-lock; then
  echo "luakit: installing the packages of bun.lock" >&2
  "$bun" install --frozen-lockfile --silent >&2
  cp bun.lock node_modules/.luakit-lock
fi
exec "$bun" "scripts/$task.ts" "$@"
