// Written by `npm run types` from docs/openapi.json: every action of a ticket, and whether its body names
// the version that the user saw.
export const VERSIONED = {
  accept: true,
  answer: true,
  appeal: true,
  ask: true,
  call_up: true,
  comment: false,
  confirm: true,
  dispatch: true,
  edit: true,
  escalate: true,
  extend: true,
  hand_back: true,
  merge: true,
  not_mine: true,
  reassign: true,
  recall: true,
  recategorise: true,
  reject: true,
  release: true,
  reopen: true,
  report: true,
  resolve: true,
  resume: true,
  return: true,
  settle: true,
  split: true,
  take: true,
  undo: true,
  unmerge: true,
  urge: false,
  vote: false,
  wait: true,
  withdraw: true,
} as const

export type Action = keyof typeof VERSIONED

// Acts on subjects that are done whatever else happened meanwhile.
export const FREE_SUBJECT_ACTS: ReadonlySet<string> = new Set([
  'activities/cancel_sign_up',
  'activities/sign_up',
  'surveys/responses',
  'topics/support',
  'topics/withdraw_support',
])
