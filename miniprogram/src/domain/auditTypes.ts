// The types of entries of the audit trail that its lists are narrowed to, what is looked for most often first.

export const AUDIT_TYPES = [
  'refused',
  'phone_seen',
  'unsealed_seen',
  'setting_changed',
  'data_imported',
  'grids_cut',
  'code_replaced',
  'invited',
  'post_ended',
  'organisation_changed',
  'key_made',
  'content_removed',
  'tickets_exported',
  'posts_exported',
  'subjects_exported',
  'exported',
  'erased',
  'signed_in',
  'sign_in_failed',
] as const
