"""Tests of the re-checker of explanations."""
