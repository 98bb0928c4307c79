"""From a ranked list to a sealed list of changes; pure: nothing here reads a tracker, the store or the clock."""
