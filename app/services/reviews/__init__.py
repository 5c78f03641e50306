"""Reviews: what content checks have left to a person of the community or street."""

from app.services.reviews.reviews import decide, load_review, require_reviewer, review_page

__all__ = ["decide", "load_review", "require_reviewer", "review_page"]
