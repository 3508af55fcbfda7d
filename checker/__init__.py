"""Histories, calendars, evaluation, comparison and reports."""
