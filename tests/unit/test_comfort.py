"""nexcage.comfort: libraries that are not there, and where they are looked for."""

import subprocess
import sys
from pathlib import Path

import pytest

from nexcage import comfort
from nexcage.errors import DriverUnavailable

CHECKOUT = Path(__file__).parents[2]
# as the launcher starts it; nothing but the standard library and a copy of nexcage
BARE = """
import sys
sys.path.insert(0, {place!r})
import site
site.getsitepackages = lambda: []
from nexcage import comfort
from nexcage.errors import DriverUnavailable
assert comfort.optional("rich.progress") is None
assert comfort.optional("isal.isal_zlib") is None
try:
    comfort.need({name!r})
except DriverUnavailable as error:
    print(error.code, "|", error.message, "|", error.hint)
"""


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """nexcage where no .venv is beside it."""
    place = tmp_path_factory.mktemp("place")
    (place / "nexcage").symlink_to(CHECKOUT / "nexcage")
    return place


def bare(code):
    done = subprocess.run(
        [sys.executable, "-B", "-IS", "-c", code], capture_output=True, text=True, check=False
    )
    assert not done.stderr
    return done.stdout


@pytest.mark.parametrize("name", sorted(comfort.PACKAGES))
def test_the_hint_says_how_to_install_it(copied, name):
    pypi, debian = comfort.PACKAGES[name]
    assert bare(BARE.format(place=str(copied), name=name)) == (
        f'library-missing | the Python library "{pypi}" is not installed | '
        f"install it: apt install {debian}, or pip install 'nexcage[cold]'\n"
    )


def test_without_isal_gzip_is_read_all_the_same(copied):
    code = f"""
import sys
sys.path.insert(0, {str(copied)!r})
import gzip, site
site.getsitepackages = lambda: []
from nexcage.bundler.layers.decompress import decompressed
from nexcage.errors import InvalidImage
data = bytes(range(256)) * 9000
packed = gzip.compress(data[:1000]) + gzip.compress(data[1000:]) + bytes(3000)
cut = [packed[i : i + 777] for i in range(0, len(packed), 777)]
assert b"".join(decompressed(cut, "")) == data
assert "isal" not in sys.modules
for wrong in (cut[:3], [*cut, b"garbage"], [b"".join(cut[:2])[:900] + b"damage" + packed[906:]]):
    try:
        b"".join(decompressed(wrong, ""))
    except InvalidImage as error:
        print(error.code)
"""
    assert bare(code) == "image-corrupt\n" * 3


def test_a_library_that_is_there():
    assert comfort.need("rich") is comfort.optional("rich")
    assert comfort.need("rich.progress").__name__ == "rich.progress"


def test_a_library_whose_own_needs_are_missing_is_not_called_missing(tmp_path, monkeypatch):
    (tmp_path / "halfway.py").write_text("import surely_not_installed\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ImportError, match="surely_not_installed"):
        comfort.optional("halfway")


def test_the_error_is_one_of_ours():
    assert issubclass(DriverUnavailable, Exception)
    with pytest.raises(KeyError):
        comfort.need("surely_not_installed")  # a mistake of ours: each has to say how it is installed


def test_on_freebsd_the_hint_names_its_package(copied):
    code = "import sys; sys.platform = 'freebsd15'" + BARE.format(place=str(copied), name="jinja2")
    minor = sys.version_info[1]
    assert bare(code).endswith(f"install it: pkg install py3{minor}-jinja2, or pip install 'nexcage[cold]'\n")
