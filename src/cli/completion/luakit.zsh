#compdef luakit
# Completion of luakit for zsh.

_luakit() {
  local -a lines values shown
  local ending files prefix line value tab=$'\t'
  lines=("${(@f)$(${(Q)words[1]/#\~\//$HOME/} __complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
  ending=$lines[1] files=$lines[2] prefix=$lines[3]
  for line in "${(@)lines[4,-1]}"; do
    value=${line%%$tab*}
    [[ -n $value ]] || continue
    values+=("$value")
    if [[ $line == *$tab* ]]; then shown+=("$value -- ${line#*$tab}"); else shown+=("$value"); fi
  done
  if (( $#values )); then
    if [[ $ending == nospace ]]; then compadd -l -d shown -S '' -a values; else compadd -l -d shown -a values; fi
  fi
  [[ -n $files && $files != none ]] || return 0
  [[ -n $prefix ]] && compset -P "${(b)prefix}"
  case $files in
    directories) _files -/ ;;
    any) _files ;;
    *) _files -g "*.(${files//,/|})(-.)" ;;
  esac
}

if [[ $funcstack[1] == _luakit ]]; then _luakit "$@"; else compdef _luakit luakit; fi
