"""What has happened, from the log and the outbox, in words and as a sheet."""
