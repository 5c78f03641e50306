// Short names for the API's types, which are generated from the OpenAPI document.
import type { components } from './api'

type Shapes = components['schemas']
export type Ticket = Shapes['TicketOut']
export type TicketForm = Shapes['TicketIn']
export type SimilarTicket = Shapes['SimilarOut']
export type TicketPage = Shapes['TicketPage']
export type Category = Shapes['CategoryOut']
export type Person = Shapes['PersonOut']
export type Place = Shapes['PlaceOut']
export type DutyCard = Shapes['DutyCardOut']
export type Shift = Shapes['ShiftOut']
export type RosterPost = Shapes['RosterPostOut']
export type DutySeat = Shapes['SeatCardOut']
export type FoundPlace = Shapes['FoundPlaceOut']
export type PlacePath = Shapes['PlacePathOut']
export type Photo = Shapes['PhotoOut']
export type PhotoRef = Shapes['PhotoRef']
export type TicketEvent = Shapes['EventOut']
export type Notice = Shapes['NoticeOut']
export type NoticePage = Shapes['NoticesOut']
export type NoticeSettings = Shapes['NoticeSettingsOut']
export type NoticeSettingsForm = Shapes['NoticeSettingsIn']
export type Persona = Shapes['PersonaOut']
export type Organisation = Shapes['OrganisationOut']
export type Consent = Shapes['ConsentOut']
export type Export = Shapes['ExportOut']
export type Look = Shapes['LookOut']
export type SignInResult = Shapes['SignedInOut']
export type Tokens = Shapes['TokensOut']
export type BoxCounts = Shapes['CountsOut']
export type Today = Shapes['TodayOut']
export type UnitToday = Shapes['UnitTodayOut']
export type GridChoice = Shapes['GridChoiceOut']
export type DepartmentCall = Shapes['CalledOut']
export type Status = Shapes['Status']
export type Subscriptions = Shapes['SubscriptionsOut']
export type SubscriptionAnswer = Shapes['AcceptedIn']

// the common life
/** The kinds that have screens here. */
export type SubjectKind = keyof Subjects
export type Opinion = Shapes['OpinionOut']
export type Topic = Shapes['TopicOut']
export type Project = Shapes['ProjectOut']
export type Activity = Shapes['ActivityOut']
export type Survey = Shapes['SurveyOut']
export type SurveyAnswer = Shapes['ResponseIn']['answers'][number]
export type SurveyResult = Shapes['SurveyResultOut']
export type QuestionResult = Shapes['QuestionResultOut']
export type OpinionForm = Shapes['OpinionIn']
export type ActivityForm = Shapes['ActivityIn']
export type SubjectEvent = Shapes['SubjectEventOut']
export type Door = Shapes['DoorOut']
export type Attendance = Shapes['AttendanceOut']
export type Offer = Shapes['OfferOut']
export type Reservation = Shapes['ReservationOut']
export type Account = Shapes['AccountOut']
export type Transfer = Shapes['TransferOut']
export type Relationship = Shapes['RelationshipOut']
export type Dispute = Shapes['DisputeOut']
export type Mediator = Shapes['MediatorOut']
export type Certificate = Shapes['CertificateOut']
export type CareAct = Shapes['CareAct']
export interface Subjects {
  opinion: Opinion
  topic: Topic
  project: Project
  activity: Activity
  survey: Survey
  offer: Offer
  reservation: Reservation
  relationship: Relationship
  dispute: Dispute
}
/** One of any kind, with the kind: answers do not name it. */
export type Subject = { [K in SubjectKind]: Subjects[K] & { noun: K } }[SubjectKind]

// the office
export type Post = Shapes['PostOut']
export type Role = Shapes['Role']
export type OwnPost = Shapes['PostOfMe']
export type Invitation = Shapes['InvitedOut']
export type Absence = Shapes['AbsenceIn']
export type OrganisationFull = Shapes['OrganisationFullOut']
export type OrganisationForm = Shapes['OrganisationIn']
export type GridCard = Shapes['GridCardOut']
export type OrganisationView = Shapes['OrganisationSeenOut']
export type ApiKey = Shapes['KeyOut']
export type ApiKeyForm = Shapes['KeyIn']
export type MadeApiKey = Shapes['MadeKeyOut']
export type ApiScope = Shapes['Scope']
export type Grids = Shapes['GridsOut']
export type Limits = Shapes['CategoriesOut']
export type Limit = Shapes['CategoryFiguresOut']
export type OwnFigures = Shapes['OwnFigures']
export type Calendar = Shapes['CalendarOut']
export type OwnDays = Shapes['OwnDays']
export type OfficeHours = Shapes['FramesOut']
export type SettingsResult = Shapes['SettingChangeOut']
export type Unsealing = Shapes['UnsealingOut']
export type Review = Shapes['ReviewOut']
export type Audit = Shapes['AuditOut']
export type Robot = Shapes['RobotOut']
export type Sheets = Shapes['SheetsOut']
export type StairwellCode = Shapes['CodeOut']
export type CodeReason = NonNullable<Shapes['ReplaceCodeIn']['reason']>

export interface List<T> {
  items: T[]
  next?: string | null
}
