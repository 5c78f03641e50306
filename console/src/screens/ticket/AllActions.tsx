// What is done with the list as it is filtered: exported with its columns, kept as a view, opened from one.
import { useMutation } from '@tanstack/react-query'
import { useSearch } from 'wouter'
import { readAddress } from '../../kit/address'
import { Problem } from '../../kit/Message'
import { save } from '../../kit/save'
import { getExport } from '../../office'
import { words } from '../../words'
import { filtersOf } from './list'
import { Views } from './Views'

const FORMATS = ['xlsx', 'csv'] as const
// Columns of the list that no file has: they say how a ticket stands at the moment one looks.
const OF_THE_MOMENT = ['turn', 'due', 'marks', 'updated']

export function AllActions() {
  const address = readAddress(useSearch())
  const { day, order, ...filters } = filtersOf(address)
  void order // a file is by time
  const file = useMutation({
    mutationFn: async (format: string) => {
      const columns = (address['cols'] ?? '')
        .split(',')
        .filter((name) => name && !OF_THE_MOMENT.includes(name))
      const asked = { ...filters, ...(day ? { created_to: day } : {}), box: 'all', format }
      save(await getExport(asked, columns), `tickets.${format}`)
    },
  })
  return (
    <>
      <Views address={address} />
      {FORMATS.map((format) => (
        <button
          key={format}
          type="button"
          className="btn plain small"
          disabled={file.isPending}
          onClick={() => file.mutate(format)}
        >
          {words().list.export} {format.toUpperCase()}
        </button>
      ))}
      <Problem error={file.error} />
    </>
  )
}
