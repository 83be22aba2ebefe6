"""Sample data: files as agencies would send them, invented from the published totals, taken in by the same door.

Every figure made from them is a series of its own under SAMPLE_METHOD and stamped wherever it stands. Nothing
of it remains where `settings: samples: off` is set.
"""

from command_center.samples.making import SampleRun, clear_samples, make_samples
from command_center.samples.world import World, open_world

__all__ = ["SampleRun", "World", "clear_samples", "make_samples", "open_world"]
