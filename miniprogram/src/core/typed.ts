// Words typed for an act, wherever they were kept: what is lost least gladly.
import { say } from '../i18n/index'
import { recall } from './box'

const LINES = ['text', 'description', 'reason', 'note'] as const

export function typedFor(id: string, action: string): string {
  const draft = recall<Record<string, unknown>>(`act:${id}:${action}`) ?? {}
  const codes = say('choice') as Record<string, string>
  const typed = LINES.map((name) => draft[name]).find((value): value is string => typeof value === 'string' && Boolean(value.trim()) && !(value in codes))
  return typed ?? ''
}
