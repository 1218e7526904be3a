"""The command line: verbs are what an analyst does; a verb imports what it needs when it runs."""
