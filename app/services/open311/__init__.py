"""Open311 GeoReport v2: what anybody may know of requests in public categories, and requests from other systems.

The standard: wiki.open311.org, GeoReport v2. Which of its freedoms we took, and why: docs/decisions/0021-open311.md.
"""
