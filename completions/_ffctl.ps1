# Completion of ffctl for PowerShell: `ffctl completions powershell` prints this file.
# Put it into the file that $PROFILE names:
#   ffctl completions powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName 'ffctl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # The words up to the cursor as the parser sees them; what is typed is never evaluated.
    $words = @()
    $blank = $true
    foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
        if ($element.Extent.StartOffset -ge $cursorPosition) { break }
        if ($element.Extent.EndOffset -ge $cursorPosition) {
            $text = $element.Extent.Text
            $words += $text.Substring(0, $cursorPosition - $element.Extent.StartOffset).TrimStart("'", '"')
            $blank = $false
            break
        }
        if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
            $words += $element.Value
        } else {
            $words += $element.Extent.Text
        }
    }
    if ($blank) {
        # Before 7.3 an empty argument of a program gets lost unless it is quoted twice.
        $passing = Get-Variable -Name PSNativeCommandArgumentPassing -ValueOnly -ErrorAction Ignore
        if ($null -eq $passing -or $passing -eq 'Legacy') { $words += '""' } else { $words += '' }
    }

    $completions = @(switch ($command) {
        'ffctl' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--flags', '--flags', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Read FF_* variables from this file as well; those of the process win')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The file of the local store; implies --local')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Speak to the local store, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server: take its last answer, else the layers below, and say so')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show every flag: state, source, rollout, owner, what is overridden')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'Show every flag: state, source, rollout, owner, what is overridden')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Print the value of a flag, for everyone or for one context')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Show why a flag has its value: the layers, the rules, and the trace for a context')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what differs between two states: layers, files, git revisions')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Change flags: switch, rollout, variation, single users and organisations')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Take back what a layer says of a flag, so that the layers below count again')
            [CompletionResult]::new('simulate-rollout', 'simulate-rollout', [CompletionResultType]::ParameterValue, 'Forecast who joins, leaves, switches and stays when a flag or experiment changes')
            [CompletionResult]::new('variant-for-user', 'variant-for-user', [CompletionResultType]::ParameterValue, 'Show which variant of an experiment a user gets, and why')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check flags.toml and the FF_* variables: mistakes, leftovers, rules and values without effect')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented starter flags.toml')
            break
        }
        'ffctl;list' {
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Show flags in one of these states')
            [CompletionResult]::new('--source', '--source', [CompletionResultType]::ParameterName, 'Show flags of which one of these layers sets a field')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Show flags with one of these tags')
            [CompletionResult]::new('--owner', '--owner', [CompletionResultType]::ParameterName, 'Show flags of one of these owners')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--flags', '--flags', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Read FF_* variables from this file as well; those of the process win')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The file of the local store; implies --local')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Speak to the local store, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server: take its last answer, else the layers below, and say so')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ffctl;ls' {
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Show flags in one of these states')
            [CompletionResult]::new('--source', '--source', [CompletionResultType]::ParameterName, 'Show flags of which one of these layers sets a field')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Show flags with one of these tags')
            [CompletionResult]::new('--owner', '--owner', [CompletionResultType]::ParameterName, 'Show flags of one of these owners')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--flags', '--flags', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Read FF_* variables from this file as well; those of the process win')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The file of the local store; implies --local')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Speak to the local store, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server: take its last answer, else the layers below, and say so')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ffctl;get' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The user''s key')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The user''s key')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'The organisation''s key')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'An attribute of the user, or of another kind as kind.name=value; name:=JSON keeps the JSON type')
            [CompletionResult]::new('--attr', '--attr', [CompletionResultType]::ParameterName, 'An attribute of the user, or of another kind as kind.name=value; name:=JSON keeps the JSON type')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'A context as JSON, from a file or standard input (-)')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Evaluate at this time (RFC 3339) instead of now')
            [CompletionResult]::new('--rollout', '--rollout', [CompletionResultType]::ParameterName, 'What if the rollout were this?')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Print this field instead of the value')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--flags', '--flags', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Read FF_* variables from this file as well; those of the process win')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The file of the local store; implies --local')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'End with 0 if every flag is on, with 1 if one is off or partial')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Speak to the local store, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server: take its last answer, else the layers below, and say so')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ffctl;explain' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The user''s key')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The user''s key')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'The organisation''s key')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'An attribute of the user, or of another kind as kind.name=value; name:=JSON keeps the JSON type')
            [CompletionResult]::new('--attr', '--attr', [CompletionResultType]::ParameterName, 'An attribute of the user, or of another kind as kind.name=value; name:=JSON keeps the JSON type')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'A context as JSON, from a file or standard input (-)')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Evaluate at this time (RFC 3339) instead of now')
            [CompletionResult]::new('--rollout', '--rollout', [CompletionResultType]::ParameterName, 'What if the rollout were this?')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--flags', '--flags', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Read FF_* variables from this file as well; those of the process win')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The file of the local store; implies --local')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Speak to the local store, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server: take its last answer, else the layers below, and say so')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ffctl;diff' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--flags', '--flags', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Read FF_* variables from this file as well; those of the process win')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The file of the local store; implies --local')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Speak to the local store, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server: take its last answer, else the layers below, and say so')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ffctl;set' {
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Only for this organisation')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Only for this user')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Only for this user')
            [CompletionResult]::new('--split', '--split', [CompletionResultType]::ParameterName, 'Split between variations, such as v2=75,v3=25; the order decides who gets what')
            [CompletionResult]::new('--layer', '--layer', [CompletionResultType]::ParameterName, 'The layer to change')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a change of a protected profile by its name')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Why; goes into the journal')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why; goes into the journal')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--flags', '--flags', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Read FF_* variables from this file as well; those of the process win')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The file of the local store; implies --local')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show what would change; write nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would change; write nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask; without a terminal the target must then be named too (--local, --store or --profile)')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask; without a terminal the target must then be named too (--local, --store or --profile)')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Speak to the local store, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server: take its last answer, else the layers below, and say so')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ffctl;unset' {
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Only this organisation''s entry')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Only this user''s entry')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Only this user''s entry')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Only these fields')
            [CompletionResult]::new('--layer', '--layer', [CompletionResultType]::ParameterName, 'The layer to change')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm a change of a protected profile by its name')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Why; goes into the journal')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why; goes into the journal')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--flags', '--flags', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Read FF_* variables from this file as well; those of the process win')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The file of the local store; implies --local')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show what would change; write nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would change; write nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask; without a terminal the target must then be named too (--local, --store or --profile)')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask; without a terminal the target must then be named too (--local, --store or --profile)')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Speak to the local store, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server: take its last answer, else the layers below, and say so')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ffctl;simulate-rollout' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'The state before [default: the present one]')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The states after, one step each')
            [CompletionResult]::new('--split', '--split', [CompletionResultType]::ParameterName, 'The split after, such as v2=75,v3=25')
            [CompletionResult]::new('--population', '--population', [CompletionResultType]::ParameterName, 'The users: plain ids, CSV with a header, or JSON lines; a file or standard input (-)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the population: ids, csv or jsonl [default: by the file''s name, else its first line]')
            [CompletionResult]::new('--id-column', '--id-column', [CompletionResultType]::ParameterName, 'The column or field with the user''s key [default: the usual names of an id]')
            [CompletionResult]::new('--org-column', '--org-column', [CompletionResultType]::ParameterName, 'The column or field with the organisation''s key [default: org]')
            [CompletionResult]::new('--synthetic', '--synthetic', [CompletionResultType]::ParameterName, 'Make up this many users [default: 100000 where no --population is given]')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'The seed of made-up users')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Evaluate at this time (RFC 3339) instead of now')
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Count by org, segment or an attribute')
            [CompletionResult]::new('--joins', '--joins', [CompletionResultType]::ParameterName, 'Write the ids of all users that join to this file')
            [CompletionResult]::new('--fail-if', '--fail-if', [CompletionResultType]::ParameterName, 'End with 1 if this holds after the last step, such as ''share>30%'' or ''leaves>0''')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--flags', '--flags', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Read FF_* variables from this file as well; those of the process win')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The file of the local store; implies --local')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--allow-missing', '--allow-missing', [CompletionResultType]::ParameterName, 'Go on where a column that the rules need is absent; its attribute is then missing for everyone')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Speak to the local store, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server: take its last answer, else the layers below, and say so')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ffctl;variant-for-user' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The user''s key')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The user''s key')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'The organisation''s key')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'An attribute of the user, or of another kind as kind.name=value; name:=JSON keeps the JSON type')
            [CompletionResult]::new('--attr', '--attr', [CompletionResultType]::ParameterName, 'An attribute of the user, or of another kind as kind.name=value; name:=JSON keeps the JSON type')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'A context as JSON, from a file or standard input (-)')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Evaluate at this time (RFC 3339) instead of now')
            [CompletionResult]::new('--population', '--population', [CompletionResultType]::ParameterName, 'The users: plain ids, CSV with a header, or JSON lines; a file or standard input (-)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the population: ids, csv or jsonl [default: by the file''s name, else its first line]')
            [CompletionResult]::new('--id-column', '--id-column', [CompletionResultType]::ParameterName, 'The column or field with the user''s key [default: the usual names of an id]')
            [CompletionResult]::new('--org-column', '--org-column', [CompletionResultType]::ParameterName, 'The column or field with the organisation''s key [default: org]')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--flags', '--flags', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Read FF_* variables from this file as well; those of the process win')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The file of the local store; implies --local')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--allow-missing', '--allow-missing', [CompletionResultType]::ParameterName, 'Go on where a column that the rules need is absent; its attribute is then missing for everyone')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Speak to the local store, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server: take its last answer, else the layers below, and say so')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ffctl;lint' {
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'Also check this env file, as the variables of another environment')
            [CompletionResult]::new('--deny', '--deny', [CompletionResultType]::ParameterName, 'End with 1 on findings of this severity or rule: warnings, notes, or a rule')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Leave out the findings of this rule; errors always count')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say what a rule finds and why that matters')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--flags', '--flags', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Read FF_* variables from this file as well; those of the process win')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The file of the local store; implies --local')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'List the rules')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Speak to the local store, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server: take its last answer, else the layers below, and say so')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ffctl;init' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--flags', '--flags', [CompletionResultType]::ParameterName, 'The file with the definitions [default: flags.toml here or in a folder above]')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Read FF_* variables from this file as well; those of the process win')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Speak to the server of this profile in config.toml')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The file of the local store; implies --local')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to answer [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show what would be written; write nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be written; write nothing')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Speak to the local store, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server: take its last answer, else the layers below, and say so')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
    $program = $commandAst.GetCommandName()
    & $program __complete @words 2>$null | Select-Object -Skip 1 | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        if (-not $about) { $about = $value }
        $text = $value
        if ($text -match '[\s''"`$;,(){}|&@#<>]') { $text = "'" + $text.Replace("'", "''") + "'" }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $about)
    }
}
