# Completion of ffctl for elvish: `ffctl completions elvish` prints this file.
# Put it into ~/.config/elvish/rc.elv:
#   eval (ffctl completions elvish | slurp)

use str

set edit:completion:arg-completer[ffctl] = {|@words|
    var kind = ''
    try {
        (external $words[0]) __complete (all $words[1..]) 2>/dev/null | from-lines | each {|line|
            if (eq $kind '') {
                set kind = $line
            } else {
                var value @about = (str:split &max=2 "\t" $line)
                var suffix = ' '
                if (str:has-suffix $value '=') {
                    set suffix = ''
                }
                if (== (count $about) 1) {
                    edit:complex-candidate $value &code-suffix=$suffix &display=$value' ('$about[0]')'
                } else {
                    edit:complex-candidate $value &code-suffix=$suffix
                }
            }
        }
        if (eq $kind files) {
            edit:complete-filename $@words
        }
    } catch {
        nop
    }
}
