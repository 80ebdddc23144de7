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

    $program = $commandAst.GetCommandName()
    & $program __complete @words 2>$null | Select-Object -Skip 1 | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        if (-not $about) { $about = $value }
        $text = $value
        if ($text -match '[\s''"`$;,(){}|&@#<>]') { $text = "'" + $text.Replace("'", "''") + "'" }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $about)
    }
}
