"""The tabs of a finished case: each shows one part of the case document."""
