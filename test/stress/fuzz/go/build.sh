#!/bin/sh
# Builds the program, once for each version of its source, and prints where it is.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/luakit/conformance
version=$(cat "$here"/*.go "$here"/go.mod "$here"/go.sum | sha256sum | cut -c 1-16)
program=$cache/fuzz-$version
if [ ! -x "$program" ]; then
  mkdir -p "$cache"
  (cd "$here" && CGO_ENABLED=0 go build -o "$program.$$" .)
  mv "$program.$$" "$program"
fi
echo "$program"
