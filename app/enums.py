"""The codes of the domain: statuses, roles, levels and kinds."""

from enum import StrEnum
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")  # the time zone of every date and hour that people enter or read


class Level(StrEnum):
    """Levels of the tree of places. Offices may give them other names."""

    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    ESTATE = "estate"
    BUILDING = "building"
    UNIT = "unit"
    ROOM = "room"  # a household; made when one is first named


class Status(StrEnum):
    NEW = "new"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    MERGED = "merged"


class SubjectKind(StrEnum):
    """The kinds of subjects of the common life."""

    OPINION = "opinion"
    TOPIC = "topic"
    PROJECT = "project"
    ACTIVITY = "activity"
    SURVEY = "survey"
    OFFER = "offer"
    RESERVATION = "reservation"
    RELATIONSHIP = "relationship"
    DISPUTE = "dispute"


# The events of subjects that webhooks may hear of: of what is public, nothing of what one resident said or did.
PUBLIC_EVENTS = frozenset(
    {
        *("topic.set", "topic.declined", "topic.discussing", "topic.decided", "topic.doing", "topic.done"),
        *("project.raised", "project.started", "project.postponed", "project.finished", "project.cancelled"),
        *("activity.published", "activity.rescheduled", "activity.cancelled", "activity.closed"),
        *("survey.opened", "survey.closed", "survey.cancelled", "survey.replied", "survey.to_topic"),
        *("offer.released", "offer.paused", "offer.resumed", "offer.ended"),
    }
)


class OpinionSort(StrEnum):
    OPINION = "opinion"
    NEED = "need"
    SUGGESTION = "suggestion"


class ActivitySort(StrEnum):
    """What happens at an activity."""

    PATROL = "patrol"
    VISIT = "visit"
    CARE = "care"
    DUTY = "duty"
    MEETING = "meeting"
    MEDIATION = "mediation"
    EVENT = "event"
    COURSE = "course"
    SERVICE = "service"


class OfferSort(StrEnum):
    """What is offered: things to keep, what is used up, what is lent, or something done for somebody."""

    GOODS = "goods"
    CONSUMABLE = "consumable"
    LOAN = "loan"
    SERVICE = "service"


class CareNeed(StrEnum):
    """How much somebody needs visits: 80 and more living alone or at high risk, key, or others."""

    HIGH = "high"
    KEY = "key"
    OTHER = "other"


class CareAct(StrEnum):
    """What was done at a visit of care, a tap each: 聊 带 看 帮."""

    TALK = "talk"
    ACCOMPANY = "accompany"
    CHECK = "check"
    HELP = "help"


# What staff do by themselves: what they write of it is for staff, and for the household where they were.
STAFFS_OWN = frozenset({ActivitySort.PATROL, ActivitySort.VISIT, ActivitySort.CARE, ActivitySort.DUTY})


class RelationshipSort(StrEnum):
    """What two sides agree on: who looks after whom, who belongs to what, what a partner promises, who volunteers."""

    PAIRING = "pairing"
    MEMBER = "member"
    PARTNER = "partner"
    VOLUNTEER = "volunteer"


class DisputeSort(StrEnum):
    """What people bring to a mediation studio."""

    DISPUTE = "dispute"
    SERVICE = "service"
    HARDSHIP = "hardship"


class AgreementForm(StrEnum):
    """How an agreement was made: 人民调解法 28."""

    WRITTEN = "written"
    ORAL = "oral"


class PairingReason(StrEnum):
    """Why a household has somebody who looks after it."""

    ELDERLY_ALONE = "elderly_alone"
    DISABLED = "disabled"
    HARDSHIP = "hardship"
    OTHER = "other"


class SideRole(StrEnum):
    """What a side is in a relationship or a dispute."""

    HELPER = "helper"
    HOUSEHOLD = "household"
    MEMBER = "member"
    GROUP = "group"
    PARTNER = "partner"
    VOLUNTEER = "volunteer"
    COMMUNITY = "community"  # of an agreement or of volunteers
    PARTY = "party"
    MEDIATOR = "mediator"
    STUDIO = "studio"


class SurveySort(StrEnum):
    """What is asked for: what people think of something, or a decision under a rule."""

    SURVEY = "survey"
    VOTE = "vote"


class SurveyMissing(StrEnum):
    """What has to be known of a household before it can answer: a home among those asked, the number on its door, its area."""

    HOME = "home"
    ROOM = "room"
    AREA = "area"


class QuestionKind(StrEnum):
    """How a question is answered: by one of five stars, one choice, several, or for and against."""

    RATING = "rating"
    CHOICE = "choice"
    CHOICES = "choices"
    VOTE = "vote"


class AttendanceStatus(StrEnum):
    SIGNED_UP = "signed_up"
    WAITING = "waiting"
    CAME = "came"
    CONFIRMED = "confirmed"


class CircleKind(StrEnum):
    """What a circle of accounts counts: the points of members, those of residents, or the things of one offer."""

    MEMBERS = "members"
    RESIDENTS = "residents"
    THINGS = "things"


class AccountSort(StrEnum):
    """What an account stands for. Only the counter side, from which a circle gets all it has, is ever below zero."""

    ISSUE = "issue"  # where points come from and go back to; of things: what was bought
    PERSON = "person"
    HELD = "held"  # reserved, and not handed over yet
    STOCK = "stock"  # at one place
    OUT = "out"  # lent
    GIVEN = "given"
    LOST = "lost"  # written off


class TransferReason(StrEnum):
    AWARD = "award"
    LAPSE = "lapse"
    LEAVE = "leave"
    RESERVE = "reserve"
    RELEASE = "release"
    PAY = "pay"
    BUY = "buy"
    LEND = "lend"
    GIVE = "give"
    BACK = "back"
    WRITE_OFF = "write_off"


class Role(StrEnum):
    MEMBER = "member"
    HEAD = "head"
    DEPUTY = "deputy"
    DUTY = "duty"
    COMMUNITY = "community"
    STREET = "street"
    AUDITOR = "auditor"
    ADMIN = "admin"
    AGENT = "agent"
    STEWARD = "steward"


class Skill(StrEnum):
    """What a post can be asked about. Not the skill of a category, which names a trade of organisations."""

    POLICY = "policy"
    SERVICE = "service"
    SELF_GOVERNMENT = "self_government"
    PROPERTY = "property"
    SAFETY = "safety"
    CULTURE = "culture"


class Origin(StrEnum):
    RESIDENT = "resident"
    STAFF = "staff"
    PARTNER = "partner"
    OPEN311 = "open311"


class Channel(StrEnum):
    """How a problem that staff report came to them."""

    PATROL = "patrol"
    VISIT = "visit"
    CALL = "call"
    WALK_IN = "walk_in"


class Outcome(StrEnum):
    FIXED = "fixed"
    PARTIAL = "partial"
    EXPLAINED = "explained"
    REFERRED = "referred"
    LISTED = "listed"
    WITHDRAWN = "withdrawn"
    NO_FAULT = "no_fault"


class Verdict(StrEnum):
    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"
    SILENT = "silent"


class OrganisationKind(StrEnum):
    """The kind of an organisation."""

    PROPERTY = "property"
    DEPARTMENT = "department"
    PARTNER = "partner"
    GROUP = "group"
    BRANCH = "branch"
    COMMITTEE = "committee"
    STUDIO = "studio"
    STATION = "station"


# Those to whom tickets are dispatched; the others belong to the common life.
DISPATCHED_TO = frozenset({OrganisationKind.PROPERTY, OrganisationKind.DEPARTMENT})
# Those that have members.
WITH_MEMBERS = frozenset(
    {OrganisationKind.GROUP, OrganisationKind.BRANCH, OrganisationKind.COMMITTEE, OrganisationKind.STUDIO}
)


class PauseKind(StrEnum):
    """The reason of a pause."""

    WAIT = "wait"
    ASK = "ask"
    APPEAL = "appeal"  # the time from a rejection to its appeal
    MERGE = "merge"  # the time from a merge to its undoing


class SettingKind(StrEnum):
    """The settings that an office may change."""

    CATEGORIES = "categories"
    CALENDAR = "calendar"
    FRAMES = "frames"
    TITLES = "titles"
    WEIGHTS = "weights"
    OPINIONS = "opinions"
    POINTS = "points"


class Rate(StrEnum):
    """The three rates that an office may weigh."""

    RESPONSE = "response"
    RESOLUTION = "resolution"
    SATISFACTION = "satisfaction"


class ErasureChoice(StrEnum):
    """What happens to the open tickets of somebody who deletes their account."""

    WITHDRAW = "withdraw"
    KEEP = "keep"


class UnsealingStatus(StrEnum):
    PENDING = "pending"
    CONSENTED = "consented"
    DECLINED = "declined"
    EXPIRED = "expired"


class Scope(StrEnum):
    """What an API key may do."""

    READ = "tickets:read"
    WRITE = "tickets:write"
    WEBHOOKS = "webhooks:manage"
    OFFERS = "offers:manage"


class DeliveryStatus(StrEnum):
    """The status of a message to a webhook."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class ColumnKind(StrEnum):
    """What a column of a figure holds."""

    COUNT = "count"  # tickets, which can be listed
    SHARE = "share"  # 0 to 1
    MINUTES = "minutes"
    CHANGE = "change"  # against the period before
    TEXT = "text"


class CheckKind(StrEnum):
    """What a content check is about: what somebody wrote, where they said it is, or a photo."""

    TEXT = "text"
    NOTE = "note"
    PHOTO = "photo"


class CheckState(StrEnum):
    """What was found. Neighbours see what has passed or was released by a person, nothing else."""

    PENDING = "pending"
    PASSED = "pass"
    REVIEW = "review"  # a person has to look
    RISKY = "risky"
    RELEASED = "released"
    REMOVED = "removed"


class CheckReason(StrEnum):
    """Why a person has to look where WeChat has said nothing."""

    WORDS = "words"  # a word of the list
    UNSEEN = "unseen"  # WeChat does not check for somebody who was not there within two hours
    SILENT = "silent"  # no verdict in time
    UNREACHABLE = "unreachable"  # WeChat cannot fetch our photos: there is no public address
    SENDER = "sender"  # a photo that another system sent
