"""Canned replies of an office, and the phrases that come with the program; put into a form, never sent by themselves."""

from app.services.replies.listing import reply_page
from app.services.replies.replies import change_reply, create_reply, delete_reply, load_reply

__all__ = ["change_reply", "create_reply", "delete_reply", "load_reply", "reply_page"]
