// Where an offer's things are now: at each station, reserved, lent, given, lost; together what was ever put in.
import { useQuery } from '@tanstack/react-query'
import { fill } from '@mini/i18n/index'
import { type Account, listAccounts } from '../../accounts'
import type { Offer } from '../../subjects'
import { words } from '../../words'

const MOST = 100
/** What became of things that are at no station, in this order. */
const ELSEWHERE = ['held', 'out', 'given', 'lost'] as const

export function Stock({ offer }: { offer: Offer }) {
  const text = words().offers
  const { data } = useQuery({
    queryKey: ['stock', offer.id, offer.updated_at],
    queryFn: () => listAccounts({ offer_id: offer.id }, null, MOST),
    enabled: offer.left !== null,
    placeholderData: (before) => before,
  })
  if (offer.left === null) return null
  const books = data?.items ?? []
  const rows: (readonly [string, number])[] = [
    ...offer.stocks.map(({ place, left }) => [place.label, left] as const),
    ...ELSEWHERE.flatMap((sort) => {
      const book = books.find((each) => each.sort === sort)
      return book ? [[book.sort_name, book.balance] as const] : []
    }),
  ]
  const bought = -sumOf(books, 'issue')
  return (
    <section aria-labelledby="stock-title">
      <h3 id="stock-title">{text.where}</h3>
      <table className="table plain">
        <thead>
          <tr>
            <th scope="col">{text.station}</th>
            <th scope="col" className="number">
              {text.pieces}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, n]) => (
            <tr key={name}>
              <td>{name}</td>
              <td className="number">{n}</td>
            </tr>
          ))}
        </tbody>
        {books.length > 0 && (
          <tfoot>
            <tr>
              <th scope="row">{text.total}</th>
              <td className="number">{bought}</td>
            </tr>
          </tfoot>
        )}
      </table>
      {!rows.length && <p className="muted">{text.nowhere}</p>}
      {books.length > 0 && <p className="muted small">{fill(text.sums, { n: bought })}</p>}
    </section>
  )
}

const sumOf = (books: readonly Account[], sort: Account['sort']): number =>
  books.filter((each) => each.sort === sort).reduce((sum, { balance }) => sum + balance, 0)
