"""What all unit tests share: time limits that do not depend on how busy the machine is."""

import json
import os

import pytest
from hypothesis import HealthCheck, settings

from nexcage import config

settings.register_profile(
    "unit",
    deadline=None,
    max_examples=60,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("unit")


@pytest.fixture
def plain_config(monkeypatch, tmp_path):
    """No configuration of this machine, neither file nor variable."""
    for name in [name for name in os.environ if name.startswith("NEXCAGE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(config, "FILES", (str(tmp_path / "first.json"), str(tmp_path / "second.json")))


@pytest.fixture
def configured(monkeypatch, tmp_path):
    """Load a document (or a text) as the file that NEXCAGE_CONFIG names."""

    def load(document):
        file = tmp_path / "own.json"
        text = document if isinstance(document, bytes) else json.dumps(document).encode()
        file.write_bytes(text)
        monkeypatch.setenv("NEXCAGE_CONFIG", str(file))
        return config.load()

    return load
