"""Tests of the interpreter: tiny contracts as text, a few events, the verdict."""
