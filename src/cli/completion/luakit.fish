# Completion of luakit for fish.

function __luakit_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct | string unescape)
    set -l program (string replace -r '^~/' "$HOME/" -- $before[1])
    set -l lines ($program __complete $before[2..-1] "$current" 2>/dev/null)
    set -l files $lines[2]
    set -l prefix $lines[3]
    printf '%s\n' $lines[4..-1]
    test -n "$files" -a "$files" != none; or return
    set -l path (string replace -- "$prefix" '' "$current")
    test -z "$path"; or set path (string escape -- $path)
    for found in (complete -C "__luakit_path $path" | string split -f 1 \t)
        if string match -q '*/' -- $found
            printf '%s%s\n' "$prefix" $found
        else if test $files = any; or contains -- (string replace -r '.*\.' '' -- $found) (string split , -- $files)
            printf '%s%s\n' "$prefix" $found
        end
    end
end

complete -c luakit -f -a '(__luakit_complete)'
