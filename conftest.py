"""How laws are tried, in core and plugins: no test fails because a machine is slow."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "patient",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    # In CI the same examples every time: what a new one finds is found where somebody looks for it.
    derandomize="CI" in os.environ,
)
settings.load_profile("patient")
