"""What the situation calls for: actions by accused entity and by what was done."""
