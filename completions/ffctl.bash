# Completion of ffctl for bash: `ffctl completions bash` prints this file.
# Put it where bash-completion looks, as ~/.local/share/bash-completion/completions/ffctl, or into ~/.bashrc:
#   source <(ffctl completions bash)

_ffctl() {
    local line=${COMP_LINE:0:COMP_POINT} program=$1 word trimmed i last=-1
    local -a words=()
    COMPREPLY=()
    # Bash takes words apart at = and :, which belong to words here: what no blank divides is put together again.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        trimmed=${line#"${line%%[![:blank:]]*}"}
        word=${COMP_WORDS[i]}
        ((i == COMP_CWORD)) && word=$trimmed
        if ((last < 0)) || [[ $trimmed != "$line" ]]; then
            ((last += 1))
            words[last]=$word
        else
            words[last]+=$word
        fi
        line=${trimmed#"$word"}
    done
    ((last > 0)) || return 0
    local typed=${words[last]} quote=
    case $typed in
    [\"\']*) quote=${typed:0:1} typed=${typed:1} ;;
    esac
    words=("${words[@]//[\"\'\\]/}")
    words[last]=$typed
    type -P -- "$program" >/dev/null || program=ffctl

    # What bash replaces begins behind the last = or :.
    local before= breaks=
    [[ $COMP_WORDBREAKS == *=* ]] && breaks+='='
    [[ $COMP_WORDBREAKS == *:* ]] && breaks+=':'
    if [[ -z $quote && -n $breaks && $typed == *[$breaks]* ]]; then
        before=${typed%"${typed##*[$breaks]}"}
    fi

    local kind= value about
    local -a values=() abouts=()
    while IFS=$'\t' read -r value about; do
        if [[ -z $kind ]]; then
            kind=$value
            continue
        fi
        value=${value#"$before"}
        [[ -z $quote ]] && printf -v value %q "$value"
        values+=("$value")
        abouts+=("$about")
    done < <("$program" __complete "${words[@]:1}" 2>/dev/null)

    if [[ $kind == files ]]; then
        if ((${#values[@]} == 0)); then
            compopt -o default 2>/dev/null
            return 0
        fi
        while IFS= read -r value; do
            [[ -d $value ]] && value+=/
            [[ -z $quote ]] && printf -v value %q "$value"
            values+=("$value")
            abouts+=('')
        done < <(compgen -f -- "${typed#"$before"}")
    fi
    ((${#values[@]} > 0)) || return 0
    # A list that is only shown, and inserts nothing, has room for what each value is.
    if [[ $COMP_TYPE == 63 ]] && ((${#values[@]} > 1)); then
        for ((i = 0; i < ${#values[@]}; i++)); do
            [[ -n ${abouts[i]} ]] && values[i]+="  (${abouts[i]})"
        done
    fi
    COMPREPLY=("${values[@]}")
    if ((${#values[@]} == 1)) && [[ ${values[0]} == *[=/] ]]; then
        compopt -o nospace 2>/dev/null
    fi
    return 0
}

complete -o nosort -F _ffctl ffctl 2>/dev/null || complete -F _ffctl ffctl
