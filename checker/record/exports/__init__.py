"""Formats of ticket systems, each read into rows of named columns; a mapping says what the rows mean."""
