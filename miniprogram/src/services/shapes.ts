// The API's shapes by their short names; all of them are generated from the OpenAPI document.
import type { components } from './api'

type Shapes = components['schemas']
export type Ticket = Shapes['TicketOut']
export type TicketForm = Shapes['TicketIn']
export type TicketPage = Shapes['TicketPage']
export type Category = Shapes['CategoryOut']
export type Person = Shapes['PersonOut']
export type Place = Shapes['PlaceOut']
export type FoundPlace = Shapes['FoundPlaceOut']
export type PlacePath = Shapes['PlacePathOut']
export type Photo = Shapes['PhotoOut']
export type PhotoRef = Shapes['PhotoRef']
export type TicketEvent = Shapes['EventOut']
export type Notice = Shapes['NoticeOut']
export type Notices = Shapes['NoticesOut']
export type Wishes = Shapes['NoticeSettingsOut']
export type WishesForm = Shapes['NoticeSettingsIn']
export type Persona = Shapes['PersonaOut']
export type Organisation = Shapes['OrganisationOut']
export type Consent = Shapes['ConsentOut']
export type Export = Shapes['ExportOut']
export type SignedIn = Shapes['SignedInOut']
export type Tokens = Shapes['TokensOut']
export type ProblemBody = Shapes['Problem']
export type FieldProblem = Shapes['FieldProblem']
export type Status = Shapes['Status']

export interface List<T> {
  items: T[]
  next?: string | null
}
