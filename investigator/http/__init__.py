"""The case API: the same engine and the same document over HTTP."""
