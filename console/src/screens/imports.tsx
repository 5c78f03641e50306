// An office's own files: dropped, checked line by line, then imported; or a template to fill in.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { fill, wordsOf } from '@mini/i18n/index'
import type { components } from '@mini/services/api'
import { Icon } from '../kit/Icon'
import { Problem } from '../kit/Message'
import { Screen } from '../kit/Screen'
import { say } from '../kit/Toast'
import { downloadFile, uploadFiles } from '../platform/upload'
import { words } from '../words'

type Report = components['schemas']['ImportOut']

const KINDS = ['places', 'grids', 'organisations', 'posts'] as const
const nameOf = (kind: string): string => words().imports[kind as (typeof KINDS)[number]]

export function Imports() {
  const text = words().imports
  const queries = useQueryClient()
  const [files, setFiles] = useState<File[]>([])
  const check = useMutation({
    mutationFn: (chosen: File[]) => uploadFiles<Report>('/imports?preview=true', chosen),
  })
  const load = useMutation({
    mutationFn: () => uploadFiles<Report>('/imports', files),
    onSuccess: () => {
      say(text.done)
      void queries.invalidateQueries()
    },
  })
  function choose(chosen: File[]): void {
    setFiles(chosen)
    load.reset()
    if (chosen.length) check.mutate(chosen)
    else check.reset()
  }
  const report = load.data ?? (files.length ? check.data : undefined)
  return (
    <Screen title={words().screens.imports} lead={text.lead}>
      <div className="card form narrow">
        <Drop onFiles={(added) => choose([...files.filter((file) => !isAmong(file, added)), ...added])} />
        <Chosen files={files} onRemove={(gone) => choose(files.filter((file) => file !== gone))} />
        <p role="status">{check.isPending ? text.checking : load.isPending ? text.importing : ''}</p>
        <Problem error={check.error ?? load.error} />
        {report && <ReportOf report={report} />}
        {report && (
          <div className="buttons">
            {report.ok && report.preview && (
              <button
                type="button"
                className="btn main"
                disabled={load.isPending || check.isPending}
                onClick={() => load.mutate()}
              >
                {text.import}
              </button>
            )}
            {!report.preview && (
              <button type="button" className="btn plain" onClick={() => print()}>
                {words().list.print}
              </button>
            )}
          </div>
        )}
      </div>
      <Templates />
    </Screen>
  )
}

const isAmong = (file: File, others: File[]): boolean => others.some(({ name }) => name === file.name)

function Drop({ onFiles }: { onFiles: (files: File[]) => void }) {
  const [over, setOver] = useState(false)
  const take = (list: FileList | null): void => onFiles([...(list ?? [])])
  return (
    <label
      className={over ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer.files)
      }}
    >
      <Icon name="download" />
      <span>{words().imports.drop}</span>
      <input
        type="file"
        className="hidden"
        accept=".csv,.txt,.tsv,.xlsx"
        multiple
        onChange={(event) => {
          take(event.target.files)
          event.target.value = '' // the same file again, once it is mended
        }}
      />
    </label>
  )
}

function Chosen({ files, onRemove }: { files: File[]; onRemove: (file: File) => void }) {
  const remove = wordsOf('common').remove
  return (
    <ul className="plain-list">
      {files.map((file) => (
        <li key={file.name}>
          {file.name}{' '}
          <button
            type="button"
            className="btn text small"
            aria-label={`${remove} ${file.name}`}
            onClick={() => onRemove(file)}
          >
            {remove}
          </button>
        </li>
      ))}
    </ul>
  )
}

function ReportOf({ report }: { report: Report }) {
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

function Templates() {
  const text = words().imports
  const fetching = useMutation({
    mutationFn: async (kind: string) => {
      const href = await downloadFile(`/api/v1/imports/template?kind=${kind}`)
      Object.assign(document.createElement('a'), { href, download: `${nameOf(kind)}.xlsx` }).click()
    },
  })
  return (
    <section className="card form narrow">
      <h2>{text.templates}</h2>
      <p className="muted">{text.templatesText}</p>
      <div className="buttons">
        {KINDS.map((kind) => (
          <button key={kind} type="button" className="btn plain" onClick={() => fetching.mutate(kind)}>
            {nameOf(kind)}
          </button>
        ))}
      </div>
      <Problem error={fetching.error} />
    </section>
  )
}
