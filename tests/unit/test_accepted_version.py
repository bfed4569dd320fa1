"""nexcage.drivers.support: the ociVersion that a driver is handed in place of the declared one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.drivers.support import accepted_version
from tests.unit.made_up import CRUN, RUNC

VERSIONS = st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(0, 12))


@pytest.mark.parametrize("text", ["1.0.0", "1.0.2-dev", "1.1.0", "1.1.0-rc.1", "1.1.0+dev"])
def test_version_is_kept_where_it_is_accepted(text):
    assert accepted_version(text, *CRUN) == text


@pytest.mark.parametrize("text", ["1.2.0", "1.2.1", "1.3.0"])
def test_version_is_lowered_only_for_crun_before_1_14_3(text):
    assert accepted_version(text, *CRUN) == "1.1.0"
    assert accepted_version(text, "crun", (1, 14, 2)) == "1.1.0"
    assert accepted_version(text, "crun", (1, 14, 3)) == text
    assert accepted_version(text, *RUNC) == text
    assert accepted_version(text, "jail", (0, 0, 0)) == text


@given(st.text(alphabet="0123456789.-+rcdev", max_size=12), VERSIONS)
def test_the_version_handed_over_passes_the_check_of_crun(declared, version):
    handed = accepted_version(declared, "crun", version)
    assert version >= (1, 14, 3) or "1.0" in handed
    assert accepted_version(handed, "crun", version) == handed
