// A list that a number of a figure opens: how many there are, and the way to all tickets.
import { useQuery } from '@tanstack/react-query'
import { fill } from '@mini/i18n/index'
import type { Filters } from '../../kit/address'
import { words } from '../../words'
import { freezeBox } from './list'

interface Props {
  filters: Filters
  change: (changed: Record<string, string>) => void
}

export function FromFigure({ filters, change }: Props) {
  const isFrom = Boolean(filters['cell'])
  const { cols, ...asked } = filters
  void cols
  const count = useQuery({
    queryKey: ['tickets', 'count', asked],
    queryFn: () => freezeBox({ box: 'all' }, asked),
    enabled: isFrom,
  })
  if (!isFrom) return null
  return (
    <p className="note" role="status">
      {fill(words().list.fromFigure, { n: count.data?.total ?? '…' })}
      <button type="button" className="btn text small" onClick={() => change({ cell: '' })}>
        {words().list.leaveFigure}
      </button>
    </p>
  )
}
