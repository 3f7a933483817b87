#!/bin/sh
# Writes expected.json: the Definitions that BuildKit's Go client makes of the graphs in go/. With --print they go to stdout.
# The program is built once for each version of its source.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/luakit/conformance
version=$(cat "$here"/go/*.go "$here"/go/go.mod "$here"/go/go.sum | sha256sum | cut -c 1-16)
program=$cache/$version
if [ ! -x "$program" ]; then
  mkdir -p "$cache"
  (cd "$here/go" && CGO_ENABLED=0 go build -o "$program.$$" .)
  mv "$program.$$" "$program"
fi
if [ "${1-}" = --print ]; then exec "$program"; fi
"$program" >"$here/expected.json.$$"
mv "$here/expected.json.$$" "$here/expected.json"
