#!/usr/bin/env bash
# Puts luakit on PATH for the steps of a job of GitHub Actions. The luakit that is there is taken if it is the one asked for.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
version=${INPUT_VERSION:-$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$root/package.json")}
version=${version#v}

if [ "$(luakit version 2>/dev/null || true)" = "luakit $version" ]; then
  echo "luakit $version is on PATH"
  exit
fi

directory=$RUNNER_TEMP/luakit-bin
sh "$root/scripts/install.sh" --version "$version" --to "$directory"
echo "$directory" >>"$GITHUB_PATH"
