"""Verbs: load, ask the rule, write, record."""
