"""The command line: one file a command, exit codes and messages in one place."""
