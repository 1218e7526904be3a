"""What free text says: entities, facts, times and scenarios; rules alone, nothing is fetched."""
