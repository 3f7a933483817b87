#!/bin/sh
# Installs luakit. The last line starts it: of a download that is cut short, nothing runs.

usage() {
  cat <<'END'
Installs luakit, verified, into /usr/local/bin (root) or ~/.local/bin (everybody else).

  curl -fsSL https://github.com/luakit-build/luakit/releases/latest/download/install.sh | sh
  sh install.sh [OPTION...]

  --version VERSION  this version instead of the newest one     LUAKIT_VERSION
  --to DIR           into this directory                        LUAKIT_INSTALL_DIR
  --uninstall        remove luakit from there
  --help             show this

  LUAKIT_RELEASES    where releases are: https://github.com/luakit-build/luakit/releases
  LUAKIT_TIMEOUT     whole seconds after which a download that stands still is given up: 30
END
}

main() {
  LC_ALL=C
  export LC_ALL
  umask 022
  stage='' made='' child=''
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  releases=${LUAKIT_RELEASES:-https://github.com/luakit-build/luakit/releases}
  releases=${releases%/}
  choose_colours
  read_arguments "$@"
  if [ "$action" = uninstall ]; then uninstall; else install; fi
}

read_arguments() {
  action=install wanted=${LUAKIT_VERSION-} dir=${LUAKIT_INSTALL_DIR-}
  while [ $# -gt 0 ]; do
    option=$1
    case $1 in
      --version=* | --to=*) option=${1%%=*} value=${1#*=} ;;
      --version | --to)
        [ $# -ge 2 ] || misuse "$1 needs a value"
        value=$2
        shift
        ;;
    esac
    case $option in
      --version) wanted=$value ;;
      --to) dir=$value ;;
      --uninstall) action=uninstall ;;
      -h | --help) usage && exit 0 ;;
      *) misuse "there is no option $1" ;;
    esac
    shift
  done
  wanted=${wanted#v}
  [ "$wanted" != latest ] || wanted=''
  case $wanted in *[!0-9A-Za-z.+-]*) misuse "$wanted is no version" ;; esac
  seconds=${LUAKIT_TIMEOUT:-30}
  bad_time="LUAKIT_TIMEOUT is $seconds and should be a number of whole seconds, such as 30"
  case $seconds in
    *[!0-9]* | ???????*) misuse "$bad_time" ;;
    *[1-9]*) ;;
    *) misuse "$bad_time" ;;
  esac
  choose_directory
}

choose_directory() {
  if [ -z "$dir" ] && [ "$(id -u)" = 0 ]; then
    dir=/usr/local/bin
  elif [ -z "$dir" ]; then
    [ -n "${HOME-}" ] || fail "HOME is not set: say where to install with --to DIR"
    dir=$HOME/.local/bin
  fi
  case $dir in
    /*) ;;
    *)
      here=$(pwd 2>/dev/null)
      # Of one that is gone, some shells say nothing, and zsh a dot.
      case $here in /*) ;; *) fail "this directory is gone: say where to install with --to /DIR" ;; esac
      dir=$here/$dir
      ;;
  esac
  tidy "$dir"
  dir=$tidied
  # Where one is may be gone, and programs want to know it.
  cd /
}

# tidy PATH: without . and .. and empty parts, also of what is not there yet; like cd, by its letters and not by links
tidy() {
  rest=$1/ tidied=''
  while [ -n "$rest" ]; do
    part=${rest%%/*} rest=${rest#*/}
    case $part in
      '' | .) ;;
      ..) tidied=${tidied%/*} ;;
      *) tidied=$tidied/$part ;;
    esac
  done
  tidied=${tidied:-/}
}

install() {
  find_target
  find_programs
  check_destination
  [ -z "$wanted" ] || stop_if_there "$wanted"
  open_stage
  read_sums
  stop_if_there "$version"
  say "$bold""luakit $version$plain for $target"
  get_archive
  unpack
  put_in_place
  say_where
}

find_target() {
  system=$(uname -s) processor=$(uname -m)
  case $system in
    Linux) find_linux ;;
    Darwin) find_mac ;;
    MINGW* | MSYS* | CYGWIN* | Windows_NT)
      file=luakit-${wanted:-VERSION}-windows-amd64.zip
      fail "on Windows, download $file from $releases${wanted:+/tag/v$wanted} and put its luakit.exe on your PATH"
      ;;
    *) fail "there is no luakit for $system" ;;
  esac
}

find_linux() {
  case $processor in
    x86_64 | amd64) processor=amd64 gnu=/lib64/ld-linux-x86-64.so.2 musl=/lib/ld-musl-x86_64.so.1 ;;
    aarch64 | arm64) processor=arm64 gnu=/lib/ld-linux-aarch64.so.1 musl=/lib/ld-musl-aarch64.so.1 ;;
    *) fail "there is no luakit for Linux on $processor" ;;
  esac
  # Under a kernel of 64 bits the system may have 32.
  [ "$(getconf LONG_BIT 2>/dev/null || echo 64)" = 64 ] || fail "there is no luakit for systems of 32 bits"
  target=linux-$processor
  # Alpine can have both loaders: its ldd says what its programs are made for.
  if have ldd && ldd --version 2>&1 | grep -q musl; then
    target=$target-musl
  elif [ -e "$gnu" ]; then
    check_glibc
  elif [ -e "$musl" ]; then
    target=$target-musl
  else
    fail "this system has neither glibc nor musl where programs look for them: with Nix, take luakit's flake"
  fi
  [ "$processor" != amd64 ] || check_processor
}

# What cannot be known is taken for an old one.
check_processor() {
  case "$(sed -n '/^flags/ { p; q; }' /proc/cpuinfo 2>/dev/null) " in
    *' avx2 '*) ;;
    ' ' | *' sse4_2 '*) target=$target-baseline ;;
    *) fail "this processor is too old: luakit needs SSE4.2" ;;
  esac
}

check_glibc() {
  has=$(getconf GNU_LIBC_VERSION 2>/dev/null || ldd --version 2>/dev/null | sed 1q)
  has=${has##* }
  case $has in
    2.[0-9] | 2.1[0-6] | 2.[0-9].* | 2.1[0-6].*) fail "this system has glibc $has: luakit needs 2.17 or newer" ;;
  esac
}

find_mac() {
  # A shell under Rosetta is told that this is an Intel.
  [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" != 1 ] || processor=arm64
  case $processor in
    arm64) target=darwin-arm64 ;;
    x86_64) target=darwin-amd64 ;;
    *) fail "there is no luakit for macOS on $processor" ;;
  esac
  has=$(sw_vers -productVersion 2>/dev/null || echo 13)
  [ "${has%%.*}" -ge 13 ] || fail "this is macOS $has: luakit needs 13 or newer"
}

find_programs() {
  if have curl; then fetcher=curl; elif have wget; then fetcher=wget; else
    fail "curl or wget is needed to download luakit"
  fi
  options=''
  # What wget can do differs: that of some busyboxes crashes over -T.
  case $fetcher:$(wget --help 2>&1) in
    wget:*' -t, '*) options="-T $seconds -t 2" ;;
    wget:*'-T SEC'*) options="-T $seconds" ;;
  esac
  if have sha256sum; then summer=sha256sum; elif have shasum; then summer='shasum -a 256'; elif have openssl; then
    summer='openssl dgst -sha256 -r'
  else
    fail "sha256sum, shasum or openssl is needed to verify what is downloaded"
  fi
  have tar || fail "tar is needed to unpack luakit"
}

check_destination() {
  if [ -L "$dir/luakit" ]; then
    fail "$dir/luakit is a link that something else made: remove it, or choose another --to DIR"
  fi
  if [ -e "$dir/luakit" ] && [ ! -f "$dir/luakit" ]; then fail "$dir/luakit is no file"; fi
  old=''
  if [ -x "$dir/luakit" ]; then old=$("$dir/luakit" version 2>/dev/null </dev/null) || old=''; fi
}

stop_if_there() {
  [ "$old" = "luakit $1" ] || return 0
  done_with "luakit $1 is already there" "$(short "$dir/luakit")"
  say_path
  exit 0
}

# Next to where luakit will be: there it can be tried, and put in place in one step.
open_stage() {
  if [ ! -d "$dir" ]; then
    made=$dir
    while [ ! -d "$(dirname "$made")" ]; do made=$(dirname "$made"); done
  fi
  problem=$(mkdir -p "$dir" 2>&1) || fail_to_write "$problem"
  problem=$(mktemp -d "$dir/.luakit-XXXXXX" 2>&1) || fail_to_write "$problem"
  stage=$problem
}

# Which version is the newest, its checksums say.
read_sums() {
  if [ -n "$wanted" ]; then from=$releases/download/v$wanted; else from=$releases/latest/download; fi
  fetch "$from/SHA256SUMS" "$stage/sums" "there is no release ${wanted:+$wanted }of luakit at $releases"
  while read -r sum file; do
    file=${file#\*}
    version=${file#luakit-}
    version=${version%-"$target".tar.gz}
    [ "$file" != "luakit-${wanted:-$version}-$target.tar.gz" ] || break
    version=''
  done <"$stage/sums"
  [ -n "$version" ] || fail "the release ${wanted:-at $releases/latest} has no luakit for $target"
  case $version in *[!0-9A-Za-z.+-]*) fail "$from/SHA256SUMS has a name that is no release's: $file" ;; esac
  folder=luakit-$version-$target
}

get_archive() {
  [ -z "$live" ] || printf '  … downloading'
  fetch "$releases/download/v$version/$file" "$stage/archive" "the release $version has no $file"
  got=$($summer <"$stage/archive" | cut -c 1-64)
  [ "$got" = "$sum" ] || fail "the checksum of $file is wrong, nothing was installed: it is $got and should be $sum"
  done_with "downloaded" "$releases"
  done_with "verified" "sha256 $sum"
}

unpack() {
  problem=$(tar -xzomf "$stage/archive" -C "$stage" "$folder/luakit" 2>&1) || fail_to_write "$problem"
  fresh=$stage/$folder/luakit
  chmod 755 "$fresh" || fail_to_write "cannot make it executable"
  said=$("$fresh" version 2>&1 </dev/null)
  status=$?
  [ "$said" != "luakit $version" ] || return 0
  case $said in *libstdc++*) fail "the C++ library is missing: install it (apk add libstdc++) and try again" ;; esac
  if [ "$system" = Linux ] && [ ! -e /proc/self ]; then
    fail "luakit needs /proc, which is not mounted here, nothing was installed: mount -t proc proc /proc"
  fi
  said=$(printf '%s\n' "${said:-exit code $status}" | sed 1q)
  fail "what was downloaded for $target does not run here, nothing was installed: $said"
}

put_in_place() {
  problem=$(mv -f "$fresh" "$dir/luakit" 2>&1) || fail_to_write "$problem"
  made=''
  case $old in
    luakit\ *) done_with "installed" "$(short "$dir/luakit"), which was $old" ;;
    *) done_with "installed" "$(short "$dir/luakit")" ;;
  esac
}

say_where() {
  say_path
  say "  What now: https://github.com/luakit-build/luakit#the-first-build"
}

say_path() {
  if is_on_path; then
    tidy "$(command -v luakit)"
    [ "$tidied" = "$dir/luakit" ] || say "  ! $tidied comes first on your PATH"
    return
  fi
  line="export PATH=\"$dir:\$PATH\""
  # shellcheck disable=SC2016
  case $dir in "${HOME:-/nowhere}"/*) line='export PATH="$HOME'"${dir#"$HOME"}:\$PATH\"" ;; esac
  say "  ! $(short "$dir") is not on your PATH. Type this, now and for later:"
  case ${SHELL-} in
    */fish) say "      fish_add_path $(short "$dir")" ;;
    */zsh) say "      $line" "      echo '$line' >> ~/.zshrc" ;;
    */bash) say "      $line" "      echo '$line' >> ~/.bashrc" ;;
    *) say "      $line" "      echo '$line' >> ~/.profile" ;;
  esac
}

is_on_path() {
  entries=$PATH:
  while [ -n "$entries" ]; do
    entry=${entries%%:*} entries=${entries#*:}
    case $entry in /*) ;; *) continue ;; esac
    tidy "$entry"
    [ "$tidied" != "$dir" ] || return 0
  done
  return 1
}

uninstall() {
  if [ -L "$dir/luakit" ]; then fail "$dir/luakit is a link that something else made"; fi
  if [ ! -e "$dir/luakit" ]; then
    say "there is no luakit in $(short "$dir")"
    found=$(command -v luakit) && say "  ! $found is another one: --to $(dirname "$found") if it is to go"
    exit 0
  fi
  problem=$(rm -f "$dir/luakit" 2>&1) || fail_to_write "$problem"
  done_with "removed" "$(short "$dir/luakit")"
  data=${XDG_DATA_HOME:-${HOME-}/.local/share}/luakit
  [ ! -d "$data" ] || say "  ! $(short "$data") has the build cache of luakit's own daemon, and stays"
}

# fetch URL FILE WHAT-A-404-MEANS
fetch() {
  only=${LUAKIT_RELEASES:+,http}
  # In the background, so that a signal is not kept waiting.
  if [ "$fetcher" = curl ]; then
    curl --proto "=https$only" -fsSL --retry 2 --retry-max-time "$seconds" --connect-timeout "$seconds" \
      --speed-limit 1 --speed-time "$seconds" -o "$2" "$1" 2>"$stage/log" </dev/null &
  else
    # shellcheck disable=SC2086
    wget $options -O "$2" "$1" 2>"$stage/log" </dev/null &
  fi
  child=$!
  wait "$child"
  status=$?
  child=''
  why=$(cat "$stage/log")
  case $why in
    *'validation not implemented'*) fail "this wget cannot check certificates: install curl, or GNU wget" ;;
  esac
  [ $status -ne 0 ] || return 0
  case $why in
    *' 404 '* | *' 404: '* | *' 404') fail "$3" ;;
    *certificate*) fail "the certificate of $1 is not trusted: are ca-certificates installed?" ;;
  esac
  is_full && fail "the disk with $dir is full"
  why=$(printf '%s\n' "$why" | sed -e '/^ *$/d' -e 's/^[-0-9: ]*([^)]*) - //' -e 's/Giving up\.$//' | tail -n 1)
  fail "cannot download $1: $why"
}

is_full() {
  ! printf '%4096s' '' >"$stage/probe" 2>/dev/null
}

fail_to_write() {
  case $1 in
    *'ermission denied'* | *'ead-only'* | *'not permitted'*)
      fail "no permission to write to $dir: choose a directory with --to DIR, or do it as root"
      ;;
    *'No space left'*) fail "the disk with $dir is full" ;;
  esac
  [ -z "$stage" ] || ! is_full || fail "the disk with $dir is full"
  fail "cannot install into $dir: $(printf '%s\n' "$1" | sed 1q)"
}

clean_up() {
  [ -z "$child" ] || kill "$child" 2>/dev/null
  [ -z "$stage" ] || rm -rf "$stage"
  [ -n "$made" ] || return 0
  while rmdir "$dir" 2>/dev/null || [ ! -e "$dir" ]; do
    [ "$dir" != "$made" ] || break
    dir=$(dirname "$dir")
  done
}

choose_colours() {
  live='' bold='' green='' red='' plain=''
  if [ -n "${NO_COLOR-}" ] || [ "${TERM:-dumb}" = dumb ]; then return; fi
  if [ -t 1 ]; then live=1 bold=$(printf '\033[1m') green=$(printf '\033[32m') plain=$(printf '\033[0m'); fi
  if [ -t 2 ]; then red=$(printf '\033[31m') plain=$(printf '\033[0m'); fi
}

say() { printf '%s\n' "$@"; }

# done_with WHAT DETAIL
done_with() { printf '%s  %s✓%s %-10s  %s\n' "${live:+$(printf '\r\033[K')}" "$green" "$plain" "$1" "$2"; }

short() {
  case $1 in "${HOME:-/nowhere}"/*) printf '%s' "~${1#"$HOME"}" ;; *) printf '%s' "$1" ;; esac
}

have() { command -v "$1" >/dev/null 2>&1; }

fail() {
  printf '%s%sluakit:%s %s\n' "${live:+$(printf '\r\033[K')}" "$red" "$plain" "$1" >&2
  exit 1
}

misuse() {
  printf 'luakit: %s: see --help\n' "$1" >&2
  exit 2
}

{ main "$@"; }
