# Completion of ffctl for fish: `ffctl completions fish` prints this file.
# Put it as ~/.config/fish/completions/ffctl.fish.
# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_ffctl_global_optspecs
    string join \n f/flags= env-file= p/profile= local store= offline max-age= view= o/output= json color= h/help V/version
end

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

function __fish_ffctl_using_subcommand
    set -l cmd (__fish_ffctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c ffctl -n "__fish_ffctl_needs_command" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_needs_command" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_needs_command" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_needs_command" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_needs_command" -l max-age -d 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]' -r
complete -c ffctl -n "__fish_ffctl_needs_command" -l view -d 'Whose word on a switch counts where the server\'s own differs from what this checkout resolves' -r -f -a "checkout\t'What this checkout resolves, with the server\'s overrides'
server\t'The server\'s own `enabled`'"
complete -c ffctl -n "__fish_ffctl_needs_command" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
json\t'One JSON document'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header'
markdown\t'Markdown, for pull requests'
name\t'Names alone, one a line'
github\t'Annotations for GitHub\'s workflows'
junit\t'Test results as XML, as most CI systems show them'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c ffctl -n "__fish_ffctl_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_needs_command" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_needs_command" -l offline -d 'Ask no server: take its last answer, else the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_needs_command" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ffctl -n "__fish_ffctl_needs_command" -s V -l version -d 'Print version'
complete -c ffctl -n "__fish_ffctl_needs_command" -f -a "list" -d 'Show every flag: state, source, rollout, owner, what is overridden'
complete -c ffctl -n "__fish_ffctl_needs_command" -f -a "ls" -d 'Show every flag: state, source, rollout, owner, what is overridden'
complete -c ffctl -n "__fish_ffctl_needs_command" -f -a "get" -d 'Print the value of a flag, for everyone or for one context'
complete -c ffctl -n "__fish_ffctl_needs_command" -f -a "explain" -d 'Show why a flag has its value: the layers, the rules, and the trace for a context'
complete -c ffctl -n "__fish_ffctl_needs_command" -f -a "diff" -d 'Show what differs between two states: layers, files, git revisions'
complete -c ffctl -n "__fish_ffctl_needs_command" -f -a "set" -d 'Change flags: switch, rollout, variation, single users and organisations'
complete -c ffctl -n "__fish_ffctl_needs_command" -f -a "unset" -d 'Take back what a layer says of a flag, so that the layers below count again'
complete -c ffctl -n "__fish_ffctl_needs_command" -f -a "undo" -d 'Take a change back: your last one on this target, or the one of this number'
complete -c ffctl -n "__fish_ffctl_needs_command" -f -a "history" -d 'Show who changed what, when and why'
complete -c ffctl -n "__fish_ffctl_needs_command" -f -a "remove" -d 'Take flags out of flags.toml, unless something still needs them'
complete -c ffctl -n "__fish_ffctl_needs_command" -f -a "simulate-rollout" -d 'Forecast who joins, leaves, switches and stays when a flag or experiment changes'
complete -c ffctl -n "__fish_ffctl_needs_command" -f -a "variant-for-user" -d 'Show which variant of an experiment a user gets, and why'
complete -c ffctl -n "__fish_ffctl_needs_command" -f -a "lint" -d 'Check flags.toml and the FF_* variables: mistakes, leftovers, rules and values without effect'
complete -c ffctl -n "__fish_ffctl_needs_command" -f -a "check" -d 'Tell by the exit code whether flags are as they must be: the gate of a deploy'
complete -c ffctl -n "__fish_ffctl_needs_command" -f -a "init" -d 'Write a commented starter flags.toml'
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -l state -d 'Show flags in one of these states' -r -f -a "on\t'On for everyone'
off\t'Off for everyone'
partial\t'Not the same for everyone'
invalid\t'A layer holds something that cannot be read'"
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -l source -d 'Show flags of which one of these layers sets a field' -r -f -a "default\t'flags.toml'
env\t'FF_* variables'
admin\t'Overrides of the target'"
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -l tag -d 'Show flags with one of these tags' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -l owner -d 'Show flags of one of these owners' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -l max-age -d 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -l view -d 'Whose word on a switch counts where the server\'s own differs from what this checkout resolves' -r -f -a "checkout\t'What this checkout resolves, with the server\'s overrides'
server\t'The server\'s own `enabled`'"
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
json\t'One JSON document'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header'
markdown\t'Markdown, for pull requests'
name\t'Names alone, one a line'
github\t'Annotations for GitHub\'s workflows'
junit\t'Test results as XML, as most CI systems show them'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -l offline -d 'Ask no server: take its last answer, else the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -l state -d 'Show flags in one of these states' -r -f -a "on\t'On for everyone'
off\t'Off for everyone'
partial\t'Not the same for everyone'
invalid\t'A layer holds something that cannot be read'"
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -l source -d 'Show flags of which one of these layers sets a field' -r -f -a "default\t'flags.toml'
env\t'FF_* variables'
admin\t'Overrides of the target'"
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -l tag -d 'Show flags with one of these tags' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -l owner -d 'Show flags of one of these owners' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -l max-age -d 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -l view -d 'Whose word on a switch counts where the server\'s own differs from what this checkout resolves' -r -f -a "checkout\t'What this checkout resolves, with the server\'s overrides'
server\t'The server\'s own `enabled`'"
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
json\t'One JSON document'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header'
markdown\t'Markdown, for pull requests'
name\t'Names alone, one a line'
github\t'Annotations for GitHub\'s workflows'
junit\t'Test results as XML, as most CI systems show them'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -l offline -d 'Ask no server: take its last answer, else the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_using_subcommand ls" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -s u -l user -d 'The user\'s key' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -l org -d 'The organisation\'s key' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -s a -l attr -d 'An attribute of the user, or of another kind as kind.name=value; name:=JSON keeps the JSON type' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -l context -d 'A context as JSON, from a file or standard input (-)' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -l at -d 'Evaluate at this time (RFC 3339) instead of now' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -l rollout -d 'What if the rollout were this?' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -l field -d 'Print this field instead of the value' -r -f -a "enabled\t'The switch alone'
state\t'on, off or partial'
source\t'The layer that sets the switch'
rollout\t'The rollout, variation or split of everybody whom nothing else matches'"
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -l max-age -d 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -l view -d 'Whose word on a switch counts where the server\'s own differs from what this checkout resolves' -r -f -a "checkout\t'What this checkout resolves, with the server\'s overrides'
server\t'The server\'s own `enabled`'"
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
json\t'One JSON document'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header'
markdown\t'Markdown, for pull requests'
name\t'Names alone, one a line'
github\t'Annotations for GitHub\'s workflows'
junit\t'Test results as XML, as most CI systems show them'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -l exit-status -d 'End with 0 if every flag is on, with 1 if one is off or partial'
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -l offline -d 'Ask no server: take its last answer, else the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_using_subcommand get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -s u -l user -d 'The user\'s key' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -l org -d 'The organisation\'s key' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -s a -l attr -d 'An attribute of the user, or of another kind as kind.name=value; name:=JSON keeps the JSON type' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -l context -d 'A context as JSON, from a file or standard input (-)' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -l at -d 'Evaluate at this time (RFC 3339) instead of now' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -l rollout -d 'What if the rollout were this?' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -l max-age -d 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -l view -d 'Whose word on a switch counts where the server\'s own differs from what this checkout resolves' -r -f -a "checkout\t'What this checkout resolves, with the server\'s overrides'
server\t'The server\'s own `enabled`'"
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
json\t'One JSON document'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header'
markdown\t'Markdown, for pull requests'
name\t'Names alone, one a line'
github\t'Annotations for GitHub\'s workflows'
junit\t'Test results as XML, as most CI systems show them'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -l offline -d 'Ask no server: take its last answer, else the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ffctl -n "__fish_ffctl_using_subcommand diff" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand diff" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand diff" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand diff" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand diff" -l max-age -d 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand diff" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
json\t'One JSON document'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header'
markdown\t'Markdown, for pull requests'
name\t'Names alone, one a line'
github\t'Annotations for GitHub\'s workflows'
junit\t'Test results as XML, as most CI systems show them'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c ffctl -n "__fish_ffctl_using_subcommand diff" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_using_subcommand diff" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_using_subcommand diff" -l offline -d 'Ask no server: take its last answer, else the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_using_subcommand diff" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -l org -d 'Only for this organisation' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -s u -l user -d 'Only for this user' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -l split -d 'Split between variations, such as v2=75,v3=25; the order decides who gets what' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -l layer -d 'The layer to change' -r -f -a "admin\t'The overrides of the target'
env\t'The variables in --env-file'
default\t'flags.toml itself'"
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -l if -d 'Only if it is so now: on, off, partial, a percentage, a variation; of several flags each' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -l confirm -d 'Confirm a change of a protected profile by its name' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -s m -l reason -d 'Why; goes into the journal' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -l idempotency-key -d 'Name this attempt: repeated under the same key it changes nothing twice' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -l max-age -d 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -l view -d 'Whose word on a switch counts where the server\'s own differs from what this checkout resolves' -r -f -a "checkout\t'What this checkout resolves, with the server\'s overrides'
server\t'The server\'s own `enabled`'"
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
json\t'One JSON document'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header'
markdown\t'Markdown, for pull requests'
name\t'Names alone, one a line'
github\t'Annotations for GitHub\'s workflows'
junit\t'Test results as XML, as most CI systems show them'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -s n -l dry-run -d 'Show what would change; write nothing'
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -s y -l yes -d 'Do not ask; without a terminal the target must then be named too (--local, --store or --profile)'
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -l offline -d 'Ask no server: take its last answer, else the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_using_subcommand set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -l org -d 'Only this organisation\'s entry' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -s u -l user -d 'Only this user\'s entry' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -l field -d 'Only these fields' -r -f -a "enabled\t'The switch'
rollout\t'The rollout'
serve\t'The variation or split served'
users\t'All users'
orgs\t'All organisations'"
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -l layer -d 'The layer to change' -r -f -a "admin\t'The overrides of the target'
env\t'The variables in --env-file'
default\t'flags.toml itself'"
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -l if -d 'Only if it is so now: on, off, partial, a percentage, a variation; of several flags each' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -l confirm -d 'Confirm a change of a protected profile by its name' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -s m -l reason -d 'Why; goes into the journal' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -l idempotency-key -d 'Name this attempt: repeated under the same key it changes nothing twice' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -l max-age -d 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -l view -d 'Whose word on a switch counts where the server\'s own differs from what this checkout resolves' -r -f -a "checkout\t'What this checkout resolves, with the server\'s overrides'
server\t'The server\'s own `enabled`'"
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
json\t'One JSON document'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header'
markdown\t'Markdown, for pull requests'
name\t'Names alone, one a line'
github\t'Annotations for GitHub\'s workflows'
junit\t'Test results as XML, as most CI systems show them'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -s n -l dry-run -d 'Show what would change; write nothing'
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -s y -l yes -d 'Do not ask; without a terminal the target must then be named too (--local, --store or --profile)'
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -l offline -d 'Ask no server: take its last answer, else the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_using_subcommand unset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ffctl -n "__fish_ffctl_using_subcommand undo" -l confirm -d 'Confirm a change of a protected profile by its name' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand undo" -s m -l reason -d 'Why; goes into the journal' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand undo" -l idempotency-key -d 'Name this attempt: repeated under the same key it changes nothing twice' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand undo" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand undo" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand undo" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand undo" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand undo" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
json\t'One JSON document'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header'
markdown\t'Markdown, for pull requests'
name\t'Names alone, one a line'
github\t'Annotations for GitHub\'s workflows'
junit\t'Test results as XML, as most CI systems show them'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c ffctl -n "__fish_ffctl_using_subcommand undo" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_using_subcommand undo" -s n -l dry-run -d 'Show what would change; write nothing'
complete -c ffctl -n "__fish_ffctl_using_subcommand undo" -s y -l yes -d 'Do not ask; without a terminal the target must then be named too (--local, --store or --profile)'
complete -c ffctl -n "__fish_ffctl_using_subcommand undo" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_using_subcommand undo" -l offline -d 'Ask no server: answer from the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_using_subcommand undo" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_using_subcommand undo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ffctl -n "__fish_ffctl_using_subcommand history" -l since -d 'Only changes since then: a time span such as 1h or 7d, or a time such as 2026-11-22T09:30:00Z' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand history" -l by -d 'Only changes by this person or token' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand history" -l limit -d 'At most so many, the newest' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand history" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand history" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand history" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand history" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand history" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
json\t'One JSON document'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header'
markdown\t'Markdown, for pull requests'
name\t'Names alone, one a line'
github\t'Annotations for GitHub\'s workflows'
junit\t'Test results as XML, as most CI systems show them'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c ffctl -n "__fish_ffctl_using_subcommand history" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_using_subcommand history" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_using_subcommand history" -l offline -d 'Ask no server: answer from the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_using_subcommand history" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_using_subcommand history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ffctl -n "__fish_ffctl_using_subcommand remove" -l if -d 'Only if it is so now: on, off, partial, a percentage, a variation; of several flags each' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand remove" -l confirm -d 'Confirm a change of a protected profile by its name' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand remove" -s m -l reason -d 'Why; goes into the journal' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand remove" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand remove" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand remove" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand remove" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand remove" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
json\t'One JSON document'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header'
markdown\t'Markdown, for pull requests'
name\t'Names alone, one a line'
github\t'Annotations for GitHub\'s workflows'
junit\t'Test results as XML, as most CI systems show them'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c ffctl -n "__fish_ffctl_using_subcommand remove" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_using_subcommand remove" -s n -l dry-run -d 'Show what would change; write nothing'
complete -c ffctl -n "__fish_ffctl_using_subcommand remove" -s y -l yes -d 'Do not ask; without a terminal the target must then be named too (--local, --store or --profile)'
complete -c ffctl -n "__fish_ffctl_using_subcommand remove" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_using_subcommand remove" -l offline -d 'Ask no server: answer from the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_using_subcommand remove" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_using_subcommand remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l from -d 'The state before [default: the present one]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l to -d 'The states after, one step each' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l split -d 'The split after, such as v2=75,v3=25' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l population -d 'The users: plain ids, CSV with a header, or JSON lines; a file or standard input (-)' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l format -d 'The form of the population: ids, csv or jsonl [default: by the file\'s name, else its first line]' -r -f -a "ids\t'One id a line'
csv\t'CSV with a header'
jsonl\t'One JSON object a line'"
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l id-column -d 'The column or field with the user\'s key [default: the usual names of an id]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l org-column -d 'The column or field with the organisation\'s key [default: org]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l synthetic -d 'Make up this many users [default: 100000 where no --population is given]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l seed -d 'The seed of made-up users' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l at -d 'Evaluate at this time (RFC 3339) instead of now' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l by -d 'Count by org, segment or an attribute' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l joins -d 'Write the ids of all users that join to this file' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l fail-if -d 'End with 1 if this holds after the last step, such as \'share>30%\' or \'leaves>0\'' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l max-age -d 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l view -d 'Whose word on a switch counts where the server\'s own differs from what this checkout resolves' -r -f -a "checkout\t'What this checkout resolves, with the server\'s overrides'
server\t'The server\'s own `enabled`'"
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
json\t'One JSON document'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header'
markdown\t'Markdown, for pull requests'
name\t'Names alone, one a line'
github\t'Annotations for GitHub\'s workflows'
junit\t'Test results as XML, as most CI systems show them'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l allow-missing -d 'Go on where a column that the rules need is absent; its attribute is then missing for everyone'
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l offline -d 'Ask no server: take its last answer, else the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_using_subcommand simulate-rollout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -s u -l user -d 'The user\'s key' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l org -d 'The organisation\'s key' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -s a -l attr -d 'An attribute of the user, or of another kind as kind.name=value; name:=JSON keeps the JSON type' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l context -d 'A context as JSON, from a file or standard input (-)' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l at -d 'Evaluate at this time (RFC 3339) instead of now' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l population -d 'The users: plain ids, CSV with a header, or JSON lines; a file or standard input (-)' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l format -d 'The form of the population: ids, csv or jsonl [default: by the file\'s name, else its first line]' -r -f -a "ids\t'One id a line'
csv\t'CSV with a header'
jsonl\t'One JSON object a line'"
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l id-column -d 'The column or field with the user\'s key [default: the usual names of an id]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l org-column -d 'The column or field with the organisation\'s key [default: org]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l max-age -d 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l view -d 'Whose word on a switch counts where the server\'s own differs from what this checkout resolves' -r -f -a "checkout\t'What this checkout resolves, with the server\'s overrides'
server\t'The server\'s own `enabled`'"
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
json\t'One JSON document'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header'
markdown\t'Markdown, for pull requests'
name\t'Names alone, one a line'
github\t'Annotations for GitHub\'s workflows'
junit\t'Test results as XML, as most CI systems show them'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l allow-missing -d 'Go on where a column that the rules need is absent; its attribute is then missing for everyone'
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l offline -d 'Ask no server: take its last answer, else the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_using_subcommand variant-for-user" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -l environment -d 'Also check this env file, as the variables of another environment' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -l deny -d 'End with 1 on findings of this severity or rule: warnings, notes, or a rule' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -l allow -d 'Leave out the findings of this rule; errors always count' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -l explain -d 'Say what a rule finds and why that matters' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -l max-age -d 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -l at-least -d 'At least so much of everybody is on; needs no quotes, as \'flag>=25%\' does' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -l at-most -d 'At most so much of everybody is on' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -l from -d 'Read conditions from a file or standard input (-): one a line, # begins a comment' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -s u -l user -d 'The user\'s key' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -l org -d 'The organisation\'s key' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -s a -l attr -d 'An attribute of the user, or of another kind as kind.name=value; name:=JSON keeps the JSON type' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -l context -d 'A context as JSON, from a file or standard input (-)' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -l at -d 'Evaluate at this time (RFC 3339) instead of now' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -l wait -d 'Ask again until all hold, for so long at most, such as 5m' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -l max-age -d 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -l view -d 'Whose word on a switch counts where the server\'s own differs from what this checkout resolves' -r -f -a "checkout\t'What this checkout resolves, with the server\'s overrides'
server\t'The server\'s own `enabled`'"
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
json\t'One JSON document'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header'
markdown\t'Markdown, for pull requests'
name\t'Names alone, one a line'
github\t'Annotations for GitHub\'s workflows'
junit\t'Test results as XML, as most CI systems show them'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -l rules -d 'List the rules'
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -l offline -d 'Ask no server: take its last answer, else the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_using_subcommand lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -l offline -d 'Ask no server: take its last answer, else the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ffctl -n "__fish_ffctl_using_subcommand init" -s f -l flags -d 'The file with the definitions [default: flags.toml here or in a folder above]' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand init" -l env-file -d 'Read FF_* variables from this file as well; those of the process win' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand init" -s p -l profile -d 'Speak to the server of this profile in config.toml' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand init" -l store -d 'The file of the local store; implies --local' -r -F
complete -c ffctl -n "__fish_ffctl_using_subcommand init" -l max-age -d 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]' -r
complete -c ffctl -n "__fish_ffctl_using_subcommand init" -l view -d 'Whose word on a switch counts where the server\'s own differs from what this checkout resolves' -r -f -a "checkout\t'What this checkout resolves, with the server\'s overrides'
server\t'The server\'s own `enabled`'"
complete -c ffctl -n "__fish_ffctl_using_subcommand init" -s o -l output -d 'How to answer [default: table]' -r -f -a "table\t'A table for people'
json\t'One JSON document'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header'
markdown\t'Markdown, for pull requests'
name\t'Names alone, one a line'
github\t'Annotations for GitHub\'s workflows'
junit\t'Test results as XML, as most CI systems show them'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c ffctl -n "__fish_ffctl_using_subcommand init" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c ffctl -n "__fish_ffctl_using_subcommand init" -s n -l dry-run -d 'Show what would be written; write nothing'
complete -c ffctl -n "__fish_ffctl_using_subcommand init" -l local -d 'Speak to the local store, whatever the settings say'
complete -c ffctl -n "__fish_ffctl_using_subcommand init" -l offline -d 'Ask no server: take its last answer, else the layers below, and say so'
complete -c ffctl -n "__fish_ffctl_using_subcommand init" -l json -d 'Short for --output json'
complete -c ffctl -n "__fish_ffctl_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete --command ffctl --no-files --keep-order --arguments '(__ffctl_complete)'
