"""bash's way of asking: a line as it was typed, with quotes that may still be open."""


def split(line: str, breaks: str) -> tuple[list[str], str]:
    """The words of ``line`` (the last may be empty), and the part of the last that bash leaves alone.

    bash replaces only what follows the last of ``breaks`` (COMP_WORDBREAKS) in a word: of ``--root=/v``
    no more than ``/v``.
    """
    words: list[str] = [""]
    kept = ""
    quote = ""
    escaped = begun = False
    for letter in line:
        if escaped:
            words[-1] += letter
            escaped = False
        elif letter == "\\" and quote != "'":
            escaped = begun = True
        elif quote:
            if letter == quote:
                quote = ""
            else:
                words[-1] += letter
        elif letter in "'\"":
            quote, begun = letter, True
        elif letter.isspace():
            if words[-1] or begun:
                words.append("")
            kept, begun = "", False
        else:
            words[-1] += letter
            if letter in breaks:
                kept = words[-1]
    return words, kept
