"""What things are: frozen values on pydantic and the standard library alone."""
