"""The protocols that stages and tools are written against, and the `tool` decorator."""
