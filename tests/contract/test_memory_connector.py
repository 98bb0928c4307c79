"""The reference connector keeps the contract that every other one is held to."""

import pytest

from trackersync.testing import MemoryConnector, TargetConformance


class TestMemory(TargetConformance):
    @pytest.fixture
    def tracker(self, memory_double):
        return memory_double

    @pytest.fixture
    def connector(self, tracker, construct):
        return construct(MemoryConnector)

    @pytest.fixture
    def registered(self):
        return [MemoryConnector]  # the reference is no plugin, and no distribution announces it

    @pytest.fixture
    def requirements(self):
        return ["trackersync>=0.1,<0.2"]
