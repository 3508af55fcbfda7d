"""Verdicts and explanations for people and programs: rows, tables, text, drawn time lines, JUnit."""
