// What a kind of subject is to the console: the descriptor that its list, form and drawer are made of.
import type { ComponentType, ReactNode } from 'react'
import type { ActionValues } from '@mini/domain/types'
import type { Field } from '../../kit/fields'
import type { Column } from '../../kit/columns'
import type { Choice, FilterSpec } from '../../kit/Filters'
import type { Filters } from '../../kit/address'
import type { Path, Subject, SubjectScreen } from '../../subjects'

/** One act: its form, and the body it sends. An act without question, and without fields for that subject, is done at once. */
export interface ActSpec<S extends Subject> {
  fields?: (subject: S) => readonly Field[]
  initial?: (subject: S) => ActionValues
  body?: (values: ActionValues, subject: S) => object
  tone?: 'main' | 'danger'
  ask?: boolean
  unversioned?: boolean
  /** Which field a refusal is about that names none: what is taken at that time. */
  refusedAt?: string
  /** It has a place of its own in the drawer. */
  elsewhere?: boolean
}

/** The way to what belongs together. */
export interface Way {
  href: string
  words: string
}

interface Texts {
  lead: string
  empty: string
  emptyText: string
  add: string
  added: string
}

export interface SubjectSpec<S extends Subject> {
  path: Path
  /** The screen, where it has not the name of the path; and the filters that are always on. */
  screen?: SubjectScreen
  only?: Filters
  /** The texts of the kind; the names of its statuses and acts by their codes. */
  texts: () => Texts
  states: () => Readonly<Record<string, string>>
  acts: () => Readonly<Record<string, string>>
  sorts?: () => Readonly<Record<string, string>>
  label: (subject: S) => string
  columns: readonly Column<S>[]
  filters?: readonly FilterSpec[]
  /** The form of a new one, by what the address names. */
  fields: (filters: Filters) => readonly Field[]
  initial: (filters: Filters) => ActionValues
  body: (values: ActionValues, filters: Filters) => object
  refusedAt?: string
  /** Where the focus goes after an act; to the drawer's head, unless said. */
  after?: () => void
  /** What is due is so until the end of a day, not until an hour. */
  byDay?: boolean
  beside?: (values: ActionValues) => ReactNode
  moves: Readonly<Record<string, ActSpec<S>>>
  facts: (subject: S) => readonly (readonly [string, ReactNode])[]
  ways: (subject: S) => readonly Way[]
  /** What the drawer has besides. */
  More?: ComponentType<{ subject: S; onChange: (fresh: S) => void }>
}

export const screenOf = <S extends Subject>({ screen, path }: SubjectSpec<S>): SubjectScreen =>
  screen ?? (path as SubjectScreen)

export const choicesOf = (names: Readonly<Record<string, string>>): Choice[] =>
  Object.entries(names).map(([value, words]) => ({ value, words }))
