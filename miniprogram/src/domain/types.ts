// Shapes that several modules share and that the API does not have.
import type { Ticket, TicketForm } from '../services/shapes'

/** A photo of a draft or a form. */
export interface Shot {
  path: string // on the phone
  id?: string // on the server, once it is uploaded
  thumb?: string // the address of a photo the ticket has already
}

/** A place that was chosen, or a position without an address. */
export interface PlaceChoice {
  id?: string
  label: string
  note?: string // floor and room, as typed
  elsewhere?: boolean // not in the community of the user's home
  position?: { lat: number; lng: number }
}

/** Whom a report is made for (代报), and how they told staff. */
export interface OnBehalf {
  name: string
  phone: string
  way: 'call' | 'visit' | 'door'
}

/** A report that is being written. */
export interface Draft {
  category: string
  place: PlaceChoice | null
  note: string
  text: string
  shots: Shot[]
  anonymous: boolean
  behalf?: OnBehalf | null
}

/** A report as the API takes it; its photos are uploaded first. */
export type Report = Omit<TicketForm, 'photo_ids'>

/** An action on a ticket that the user has chosen. */
export interface ActionRequest {
  ticket: Ticket
  action: string
}

/** What is said once an action is done, and the ticket if it can still be undone. */
export interface ActionResult {
  words: string
  tone: 'good' | 'late'
  undo: Ticket | null
}

/** What was entered for an action, by the names of its fields. */
export type ActionValues = Record<string, unknown>
