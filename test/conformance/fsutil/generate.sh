#!/bin/sh
# Writes expected.jsonl: what fsutil, as the pinned BuildKit has it, makes of cases.jsonl. With --print it goes to stdout.
# The program is built once for each version of its source.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/luakit/conformance
version=$(cat "$here"/go/*.go "$here"/go/go.mod "$here"/go/go.sum | sha256sum | cut -c 1-16)
program=$cache/fsutil-$version
if [ ! -x "$program" ]; then
  mkdir -p "$cache"
  (cd "$here/go" && CGO_ENABLED=0 go build -o "$program.$$" .)
  mv "$program.$$" "$program"
fi
if [ "${1-}" = --print ]; then exec "$program" <"$here/cases.jsonl"; fi
"$program" <"$here/cases.jsonl" >"$here/expected.jsonl.$$"
mv "$here/expected.jsonl.$$" "$here/expected.jsonl"
