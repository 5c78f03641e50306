// Lists that the program needs whole: page after page, until there is no next one.
import type { HttpRequest } from '../platform/http'
import { request } from '../platform/request'
import type { List } from './shapes'

const MOST_PAGES = 50 // a server whose pages never end must not keep the phone busy

export async function listAll<T>(
  path: string,
  query: HttpRequest['query'] = {},
  send: (options: HttpRequest) => Promise<List<T>> = request,
): Promise<T[]> {
  const found: T[] = []
  let cursor: string | null | undefined
  for (let n = 0; n < MOST_PAGES; n++) {
    const page = await send({ path, query: { limit: 100, ...query, cursor } })
    found.push(...page.items)
    cursor = page.next
    if (!cursor) break
  }
  return found
}
