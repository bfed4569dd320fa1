"""All that is wrong with a configuration file."""

from nexcage.config.document import Document
from nexcage.config.file import parse, read
from nexcage.errors import InvalidConfig


def problems(path: str) -> list[InvalidConfig]:
    """What `nexcage.config.load` would refuse of the file, in its order; [] when it can be used."""
    try:
        text = read(path)
        if text is None:
            return [InvalidConfig(f"{path}: the configuration does not exist", code="config-missing")]
    except InvalidConfig as error:
        return [error]
    return of_text(path, text)


def of_text(path: str, text: bytes) -> list[InvalidConfig]:
    """The same of the text that a file would have."""
    try:
        return Document(path, parse(path, text)).problems
    except InvalidConfig as error:
        return [error]
