"""Letters: how fast the correspondence of the offices moves, and where it waits."""
