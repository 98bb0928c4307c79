"""The contract of a connector as checks, each named after the promise it keeps; a plugin supplies fixtures only.

::

    class TestJira(TargetConformance):
        @pytest.fixture
        def tracker(self): ...      # a TrackerDouble

        @pytest.fixture
        def connector(self, tracker): ...

New checks come with a minor version and a line in the changelog.
"""

from trackersync.testing.conformance.commenting import CommentChecks
from trackersync.testing.conformance.constructing import ConstructionChecks
from trackersync.testing.conformance.diagnosing import DiagnosisChecks
from trackersync.testing.conformance.failing import FailureChecks
from trackersync.testing.conformance.listing import ListingChecks
from trackersync.testing.conformance.names import Names
from trackersync.testing.conformance.offering import OfferChecks
from trackersync.testing.conformance.ordering import OrderChecks
from trackersync.testing.conformance.placing import PlacingChecks
from trackersync.testing.conformance.reading import ReadingChecks
from trackersync.testing.conformance.resuming import ResumingChecks
from trackersync.testing.conformance.write_failing import WriteFailureChecks
from trackersync.testing.conformance.writing import WritingChecks

__all__ = ["Names", "SourceConformance", "TargetConformance"]


class SourceConformance(
    ConstructionChecks, ReadingChecks, ResumingChecks, ListingChecks, FailureChecks, DiagnosisChecks, OfferChecks
):
    """What every `Source` promises."""


class TargetConformance(
    SourceConformance, WritingChecks, PlacingChecks, CommentChecks, OrderChecks, WriteFailureChecks
):
    """What every `Target` promises on top."""
