# Completion of luakit for bash, 3.2 and newer; bash-completion is not needed.
# shellcheck shell=bash

_luakit() {
  local words=() count=0 index token blank line=${COMP_LINE:0:COMP_POINT}
  # bash splits words at = and : as well. They are put together again, up to the cursor.
  for ((index = 0; index <= COMP_CWORD; index++)); do
    blank=${line%%[![:space:]]*}
    line=${line#"$blank"}
    token=${COMP_WORDS[index]}
    if ((index == COMP_CWORD)); then token=$line; fi
    line=${line#"$token"}
    if ((index == 0)) || [[ -n $blank ]]; then words[count++]=; fi
    words[count - 1]+=$token
  done
  local program=${words[0]} current=${words[count - 1]}
  if [[ $program == \~/* ]]; then program=$HOME/${program:2}; fi
  for ((index = 0; index < count; index++)); do
    token=${words[index]}
    words[index]=${token//[\"\'\\]/}
  done

  local ending files prefix value found=()
  {
    read -r ending
    read -r files
    read -r prefix
    while IFS= read -r value; do found+=("${value%%$'\t'*}"); done
  } < <("$program" __complete "${words[@]:1}" 2>/dev/null)

  # What readline replaces begins after the last = or : of the word.
  local cut="" broken=${COMP_WORDBREAKS//[^=:]/}
  if [[ -n $broken && $current == *["$broken"]* ]]; then cut=${current%"${current##*["$broken"]}"}; fi
  COMPREPLY=()
  for value in ${found[@]+"${found[@]}"}; do
    value=${value#"$cut"}
    case $value in *[[:space:]\&\;\|\<\>\(\)\$\`\*\?]*) value=$(printf %q "$value") ;; esac
    COMPREPLY+=("$value")
  done
  if [[ $ending == nospace ]]; then compopt -o nospace 2>/dev/null; fi
  if [[ -n $files && $files != none ]]; then _luakit_files "$files" "${current#"$prefix"}" "${cut#"$prefix"}"; fi
}

# Adds files with the endings $1, a list with commas, and directories; $2 is the path so far, of which $3 stays as it is.
_luakit_files() {
  local path
  compopt -o filenames 2>/dev/null
  while IFS= read -r path; do COMPREPLY+=("${path#"$3"}"); done < <(
    {
      compgen -d -- "$2"
      case $1 in
        directories) ;;
        any) compgen -f -- "$2" ;;
        *) for path in ${1//,/ }; do compgen -f -X "!*.$path" -- "$2"; done ;;
      esac
    } | sort -u
  )
}

complete -F _luakit luakit
