# bash completion for nexcage: it asks the command itself
_nexcage() {
    local line program places word
    line=${COMP_LINE:0:COMP_POINT}
    program=${COMP_WORDS[0]/#\~/$HOME}
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ -z $places ]]; then
            places=$line
        else
            word=${line%%$'\t'*}
            COMPREPLY+=("$word")
        fi
    done < <("$program" completion line -- "$line" "$COMP_WORDBREAKS" 2>/dev/null)
    case $places in
        files) compopt -o default ;;
        dirs) compopt -o dirnames ;;
    esac
}
complete -F _nexcage nexcage
