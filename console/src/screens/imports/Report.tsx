// What an import would do or has done, line by line.
import { fill } from '@mini/i18n/index'
import { words } from '../../words'
import type { components } from '@mini/services/api'

export type Report = components['schemas']['ImportOut']

export const KINDS = ['places', 'grids', 'organisations', 'posts'] as const
export const nameOf = (kind: string): string => words().imports[kind as (typeof KINDS)[number]]

export function ReportOf({ report }: { report: Report }) {
  const text = words().imports
  const bad = report.lines.filter((line) => !line.ok)
  const counts = Object.entries(report.counts).map(([kind, rows]) =>
    fill(text.rows, { kind: nameOf(kind), rows }),
  )
  return (
    <>
      <p className={bad.length ? 'note late' : 'note'} role={bad.length ? 'alert' : 'status'}>
        {bad.length ? fill(text.bad, { n: bad.length }) : report.preview ? text.good : text.done}{' '}
        {counts.join(' · ')}
      </p>
      {report.notes.map((note) => (
        <p key={note} className="muted">
          {note}
        </p>
      ))}
      <ul>
        {report.changes.map((change) => (
          <li key={change.kind}>
            {nameOf(change.kind)}：{changeText(change)}
          </li>
        ))}
      </ul>
      {report.lines.length > 0 && <Lines lines={bad.length ? bad : report.lines} />}
    </>
  )
}

const MOST_CODES = 20

function changeText({ added, changed, same }: Report['changes'][number]): string {
  const text = words().imports
  const some = (codes: string[]): string =>
    codes.slice(0, MOST_CODES).join('、') + (codes.length > MOST_CODES ? ' …' : '')
  return [
    ...(added.length ? [fill(text.added, { n: added.length, codes: some(added) })] : []),
    ...(changed.length ? [fill(text.changed, { n: changed.length, codes: some(changed) })] : []),
    fill(text.same, { n: same }),
  ].join('，')
}

function Lines({ lines }: { lines: Report['lines'] }) {
  const text = words().imports
  return (
    <div className="table-frame">
      <table className="table">
        <caption className="hidden">{text.lines}</caption>
        <thead>
          <tr>
            <th scope="col">{text.file}</th>
            <th scope="col">{text.line}</th>
            <th scope="col" className="wide">
              {text.message}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={`${line.file} ${line.line}`}>
              <td>{line.file}</td>
              <td>{line.line}</td>
              <td className={line.ok ? '' : 'bad'}>{line.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
