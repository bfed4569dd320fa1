#compdef nexcage
# zsh completion for nexcage: it asks the command itself
_nexcage() {
    local -a lines found
    local line prefix places
    lines=("${(@f)$("${(Q)words[1]/#\~/$HOME}" completion words -- \
        "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    places=$lines[1]
    if [[ $PREFIX == --*=* ]]; then
        prefix="${PREFIX%%=*}="
        compset -P 1 '*='
    fi
    for line in "${(@)lines[2,-1]}"; do
        line=${line#$prefix}
        found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    case $places in
        files) _files ;;
        dirs) _path_files -/ ;;
        none) _describe -V word found ;;
    esac
}
if [[ $funcstack[1] == _nexcage ]]; then
    _nexcage "$@"
else
    compdef _nexcage nexcage
fi
