# SPDX-License-Identifier: Apache-2.0
"""Print the requirements of the named extras of pyproject.toml, for a pip that cannot read them itself."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).resolve().parent.parent / "pyproject.toml").read_text("utf-8"))[
    "project"
]
for extra in sys.argv[1:]:
    print("\n".join(project["optional-dependencies"][extra]))
