"""From a file's bytes to CloudTrail records, and a word for everything that was odd on the way."""
