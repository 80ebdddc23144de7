# Completion of ffctl for fish: `ffctl completions fish` prints this file.
# Put it as ~/.config/fish/completions/ffctl.fish.

function __ffctl_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l typed (commandline --cut-at-cursor --current-token | string replace --regex '^["\']' '')
    set -l program $words[1]
    set --erase words[1]
    type --query -- $program; or set program ffctl
    set -l lines ($program __complete $words "$typed" 2>/dev/null)
    set -l kind $lines[1]
    set --erase lines[1]
    for line in $lines
        printf '%s\n' $line
    end
    if test "$kind" = files
        set -l prefix (string match --regex '^--[^=]*=' -- "$typed")
        for path in (__fish_complete_path (string replace --regex '^--[^=]*=' '' -- "$typed"))
            printf '%s%s\n' "$prefix" $path
        end
    end
end

complete --command ffctl --no-files --keep-order --arguments '(__ffctl_complete)'
