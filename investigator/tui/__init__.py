"""The terminal UI: cases, interview, run and report over one Investigation; Textual stands here only."""
