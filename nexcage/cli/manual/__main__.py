"""Write the manual pages below a directory, or with --check say which are not as they would be written."""

import sys
from pathlib import Path

from nexcage.cli.manual.pages import pages


def stale(directory: Path) -> list[str]:
    """Names of pages that are missing, different or left over."""
    made = pages()
    there = {str(path.relative_to(directory)): path for path in directory.glob("man?/*")}
    changed = [name for name, text in made.items() if name not in there or there[name].read_text() != text]
    return sorted({*changed, *(there.keys() - made.keys())})


def main(words: list[str]) -> int:
    """``[--check] DIR``; 1 when something is stale."""
    check = "--check" in words
    (directory,) = [Path(word) for word in words if word != "--check"]
    old = stale(directory)
    if check:
        for name in old:
            print(f"{directory / name} is not current")
        return bool(old)
    made = pages()
    for name in old:
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name in made:
            path.write_text(made[name])
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
