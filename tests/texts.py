"""Texts that look empty, and how Chinese is told."""

import re

BLANKS = ("", " ", "\u3000\u200b", "\u2800", "\n\t", "\u202e\u2066", "\ufeff", "\u3164")
CHINESE = re.compile("[一-鿿]")
