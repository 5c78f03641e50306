// An office's own files: dropped, checked line by line, then imported; or a template to fill in.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { wordsOf } from '@mini/i18n/index'
import { Icon } from '../kit/Icon'
import { Problem } from '../kit/Message'
import { Screen } from '../kit/Screen'
import { say } from '../kit/Toast'
import { downloadFile, uploadFiles } from '../platform/upload'
import { words } from '../words'
import { KINDS, nameOf, type Report, ReportOf } from './imports/Report'

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
