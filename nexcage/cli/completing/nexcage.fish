# fish completion for nexcage: it asks the command itself
function __nexcage_words
    set -l words (string unescape -- (commandline -opc))
    set -l program $words[1]
    # the quote of this word may still be open
    set -l word (string replace --regex -- '^["\']' '' (commandline -ct))
    set -l found ($program completion words -- $words[2..] "$word" 2>/dev/null)
    set -l joined (string match -r -- '^--[^=]*=' "$word")
    switch "$found[1]"
        case files
            for path in (__fish_complete_path (string replace -- "$joined" '' "$word"))
                echo "$joined$path"
            end
        case dirs
            for path in (__fish_complete_directories (string replace -- "$joined" '' "$word") '')
                echo "$joined$path"
            end
    end
    string join \n -- $found[2..]
end
complete -c nexcage -e
complete -c nexcage -f -a '(__nexcage_words)'
