"""A deadline may lie after the day the file came; a day on which something was done may not."""

from command_center.samples import SampleRun
from command_center.settings import Settings
from tests.samples.conftest import AS_OF
from tests.samples.test_making import rows_of


def test_a_deadline_to_come_does_not_set_its_row_apart(sampled: tuple[Settings, SampleRun]) -> None:
    rows = rows_of(sampled[0], "public_services", "aduan_lapor").frame
    assert rows["due_on"].max().date() > AS_OF
    assert rows["received_on"].max().date() < AS_OF
