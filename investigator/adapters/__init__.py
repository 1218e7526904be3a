"""The doors to libraries that a case needs: the case database, the model, the audit log, packaged files."""
