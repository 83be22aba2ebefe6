"""The samples of the real house, as the tests of samples make them."""

from tests.samples.conftest import sampled

__all__ = ["sampled"]
