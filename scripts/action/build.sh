#!/usr/bin/env bash
# Runs `luakit build` with the inputs of action.yml. They come as variables and go on as arguments: none of them is ever
# read as shell.
set -euo pipefail

main() {
  cd "$INPUT_WORKING_DIRECTORY"
  use_cache_of_actions
  work=$(mktemp -d "$RUNNER_TEMP/luakit-build-XXXXXX")
  arguments=(build --solve --metadata-file="$work/metadata.json")
  add_flags
  export BUILDKIT_PROGRESS=${BUILDKIT_PROGRESS:-plain}
  luakit "${arguments[@]}" -- "$INPUT_SCRIPT"
  write_outputs
  write_summary >>"$GITHUB_STEP_SUMMARY"
}

add_flags() {
  one --context "$INPUT_CONTEXT"
  one --target "$INPUT_TARGET"
  one --builder "$INPUT_BUILDER"
  one --addr "$INPUT_ADDR"
  one --sbom "$INPUT_SBOM"
  one --provenance "$INPUT_PROVENANCE"
  one --platform "$(lines "$INPUT_PLATFORMS" | paste -sd , -)"
  each --tag "${INPUT_TAGS//,/$'\n'}"
  each --local "$INPUT_LOCAL"
  each --output "$INPUT_OUTPUTS"
  each --build-arg "$INPUT_BUILD_ARGS"
  each --secret "$INPUT_SECRETS"
  each --ssh "$INPUT_SSH"
  each --cache-from "$INPUT_CACHE_FROM"
  each --cache-to "$INPUT_CACHE_TO"
  each --label "$INPUT_LABELS"
  each --annotation "$INPUT_ANNOTATIONS"
  each --allow "$INPUT_ALLOW"
  switch --push "$INPUT_PUSH"
  switch --load "$INPUT_LOAD"
  switch --no-cache "$INPUT_NO_CACHE"
  while IFS= read -r line; do arguments+=("$line"); done < <(lines "$INPUT_ARGS")
}

# one FLAG VALUE
one() {
  [ -z "$2" ] || arguments+=("$1=$2")
}

# each FLAG LINES: the flag once for each line.
each() {
  local line
  while IFS= read -r line; do arguments+=("$1=$line"); done < <(lines "$2")
}

switch() {
  case $2 in
    true) arguments+=("$1") ;;
    false | "") ;;
    *) fail "${1#--} is \"$2\": it must be true or false" ;;
  esac
}

# The lines of a text that have something, without the space around them.
lines() {
  sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' -e '/^$/d' <<<"$1"
}

# What the runner gives only to actions in JavaScript, where luakit looks for it.
use_cache_of_actions() {
  [ -z "$GHA_TOKEN" ] || export ACTIONS_RUNTIME_TOKEN=$GHA_TOKEN
  [ -z "$GHA_RESULTS_URL" ] || export ACTIONS_RESULTS_URL=$GHA_RESULTS_URL
  [ -z "$GHA_CACHE_URL" ] || export ACTIONS_CACHE_URL=$GHA_CACHE_URL
  [ -z "$GHA_CACHE_V2" ] || export ACTIONS_CACHE_SERVICE_V2=$GHA_CACHE_V2
}

write_outputs() {
  metadata=$(cat "$work/metadata.json")
  digest=$(field containerimage.digest)
  imageid=$(field containerimage.config.digest)
  local end="end-of-metadata-$RANDOM$RANDOM$RANDOM"
  {
    echo "digest=$digest"
    echo "imageid=${imageid:-$digest}"
    printf 'metadata<<%s\n%s\n%s\n' "$end" "$metadata" "$end"
  } >>"$GITHUB_OUTPUT"
}

# A text of the metadata file, which luakit writes with one field a line.
field() {
  sed -n 's/^  "'"${1//./\\.}"'": "\(.*\)",\{0,1\}$/\1/p' <<<"$metadata"
}

write_summary() {
  echo "### luakit built \`${INPUT_SCRIPT//\`/}\`"
  echo
  [ -z "$digest" ] || echo "- digest: \`$digest\`"
  while IFS= read -r line; do echo "- image: \`${line//\`/}\`"; done < <(lines "${INPUT_TAGS//,/$'\n'}")
}

fail() {
  echo "::error::$1"
  exit 1
}

main
