// What is done with the list as it is filtered: exported with its columns, kept as a view, opened from one.
import { useSearch } from 'wouter'
import { readAddress } from '../../kit/address'
import { ExportButtons } from '../../kit/ExportButtons'
import { getExport } from '../../office'
import { filtersOf } from './list'
import { Views } from './Views'

// Columns of the list that no file has: they say how a ticket stands at the moment one looks.
const OF_THE_MOMENT = ['turn', 'due', 'marks', 'updated']

export function AllActions() {
  const address = readAddress(useSearch())
  const { day, order, ...filters } = filtersOf(address)
  void order // a file is by time
  const load = (format: string): Promise<string> => {
    const columns = (address['cols'] ?? '').split(',').filter((name) => name && !OF_THE_MOMENT.includes(name))
    return getExport({ ...filters, ...(day ? { created_to: day } : {}), box: 'all', format }, columns)
  }
  return (
    <>
      <Views address={address} />
      <ExportButtons name="tickets" load={load} />
    </>
  )
}
