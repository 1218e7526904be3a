"""What principals may do, as policies say it: read, evaluated and followed without any call."""
