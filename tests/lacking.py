"""What a test needs and this machine lacks: a defect where everything must run, a reason to skip elsewhere."""

import os
from typing import NoReturn

import pytest


def lacking(reason: str) -> NoReturn:
    """Skip the test with the reason; fail it under CI=true, so that nothing skipped counts as passed there."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
