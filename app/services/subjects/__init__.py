"""Subjects of the common life: opinions, topics, projects and activities; one door, one list, one timeline for all."""

from app.services.subjects.acts import perform
from app.services.subjects.agreement_page import POLICY, agreement_page
from app.services.subjects.completeness import require_complete
from app.services.subjects.create import create
from app.services.subjects.dispute_out import count_disputes
from app.services.subjects.dispute_reminders import remind_of_disputes
from app.services.subjects.due import DueFilter, due_page
from app.services.subjects.farewell import free_places, leave_sides
from app.services.subjects.follow_up import follow_events, remind_offices
from app.services.subjects.funnel import read_funnel
from app.services.subjects.lists import SubjectFilter, attendance_page, event_page, subject_page
from app.services.subjects.opinion_limit import MOVE_OPINIONS, TAKE_BACK_REMINDERS
from app.services.subjects.pairings import call_all, vacate
from app.services.subjects.reminders import remind_attendees
from app.services.subjects.responses import respond
from app.services.subjects.serializers import serialize
from app.services.subjects.shapes import SHAPES
from app.services.subjects.survey_results import survey_result
from app.services.subjects.view import SubjectView, load_subject

__all__ = [
    "MOVE_OPINIONS",
    "POLICY",
    "SHAPES",
    "TAKE_BACK_REMINDERS",
    "DueFilter",
    "SubjectFilter",
    "SubjectView",
    "agreement_page",
    "attendance_page",
    "call_all",
    "count_disputes",
    "create",
    "due_page",
    "event_page",
    "follow_events",
    "free_places",
    "leave_sides",
    "load_subject",
    "perform",
    "read_funnel",
    "remind_attendees",
    "remind_of_disputes",
    "remind_offices",
    "require_complete",
    "respond",
    "serialize",
    "subject_page",
    "survey_result",
    "vacate",
]
