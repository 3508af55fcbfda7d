"""Histories of tickets and agreements: their formats and readers, and the mapping of other exports."""
