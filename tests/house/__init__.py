"""Tests of the house: packaging, Makefile, import rules, and what must not stand in the tree."""
