// What somebody shows at the door of an activity they have signed up for: the end of their id, which says who they are only
// to staff who have the list.
const LENGTH = 12

export const attendeeCode = (person: string): string =>
  person ? `R${person.slice(-LENGTH).toUpperCase()}` : ''

/** The one of a list whose code was scanned. */
export const whoseCode = <T extends { person_id: string }>(
  code: string,
  people: readonly T[],
): T | undefined => people.find(({ person_id }) => attendeeCode(person_id) === code.trim().toUpperCase())
