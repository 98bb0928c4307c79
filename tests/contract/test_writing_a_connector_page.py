"""The connector that the documentation shows is whole, and keeps the contract."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "writing-a-connector.md"
SHOWN: dict[str, Any] = {"__name__": __name__}

for block in re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
    exec(compile(block, PAGE, "exec", dont_inherit=True), SHOWN)


class TestThePage(SHOWN["TestNotes"]):
    @pytest.fixture
    def registered(self, connector):
        return [type(connector)]  # no distribution announces what is only shown

    @pytest.fixture
    def requirements(self):
        return re.findall(r'^   dependencies = \["(.*?)"', PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def test_what_is_announced_is_the_class_that_is_shown():
    (block,) = re.findall(r"^   ```toml\n(.*?)^   ```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    (kind, home), *others = tomllib.loads(block)["project"]["entry-points"]["trackersync.connectors"].items()
    shown = SHOWN[home.partition(":")[2]]
    assert (shown.kind, others) == (kind, [])
