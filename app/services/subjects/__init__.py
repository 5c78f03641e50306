"""Subjects of the common life: opinions, topics, projects and activities; one door, one list, one timeline for all."""

from app.services.subjects.acts import perform
from app.services.subjects.agreement_page import POLICY, agreement_page
from app.services.subjects.completeness import require_complete
from app.services.subjects.create import create
from app.services.subjects.dispute_effects import mediator_page
from app.services.subjects.dispute_out import count_disputes
from app.services.subjects.dispute_reminders import remind_of_disputes
from app.services.subjects.due import DueFilter, due_page
from app.services.subjects.farewell import free_places, leave_sides
from app.services.subjects.follow_up import follow_events, remind_offices
from app.services.subjects.funnel import read_funnel
from app.services.subjects.lists import SubjectFilter, attendance_page, event_page, subject_page
from app.services.subjects.opinion_limit import MOVE_OPINIONS, TAKE_BACK_REMINDERS, TAKE_BACK_RINGS
from app.services.subjects.pairings import call_all, vacate
from app.services.subjects.related import serialize_one
from app.services.subjects.reminders import remind_attendees
from app.services.subjects.reservation_clock import remind_borrowers, sweep_reservations
from app.services.subjects.reserving import reservation_by_code
from app.services.subjects.responses import respond
from app.services.subjects.serializers import serialize
from app.services.subjects.shapes import SHAPES
from app.services.subjects.speakers import look_up_speaker
from app.services.subjects.survey_results import survey_result
from app.services.subjects.view import SubjectView, load_subject, require_reads

__all__ = [
    "MOVE_OPINIONS",
    "POLICY",
    "SHAPES",
    "TAKE_BACK_REMINDERS",
    "TAKE_BACK_RINGS",
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
    "look_up_speaker",
    "mediator_page",
    "perform",
    "read_funnel",
    "remind_attendees",
    "remind_borrowers",
    "remind_of_disputes",
    "remind_offices",
    "require_complete",
    "require_reads",
    "reservation_by_code",
    "respond",
    "serialize",
    "serialize_one",
    "subject_page",
    "survey_result",
    "sweep_reservations",
    "vacate",
]
