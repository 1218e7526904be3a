"""One file a screen: it sends errands to the investigation and arranges widgets, which only post messages."""
