"""How assessing thinks: what is usual, what is tainted, who responded, and the findings that follow."""
