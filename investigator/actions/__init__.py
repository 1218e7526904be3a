"""The steps of containment, eradication and recovery, as data; people run them, we never do."""
