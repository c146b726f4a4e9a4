"""The second, nastier government: one host for each way in which real disclosure sites are built, and a guarded ministry."""
