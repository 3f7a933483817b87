#!/bin/sh
# Skaffold's custom builder: it says in variables which image it wants, for what, and whether the cluster pulls it.
set -eu

set -- --tag "$IMAGE"
if [ "$PUSH_IMAGE" = true ]; then set -- "$@" --push; else set -- "$@" --load; fi
if [ -n "${PLATFORMS:-}" ]; then set -- "$@" --platform "$PLATFORMS"; fi

luakit build "$@" --build-arg "VERSION=${IMAGE##*:}"
