// An office's own limits, each previewed before it is saved.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { fill, wordsOf } from '@mini/i18n/index'
import type { Limit, Limits as LimitsShape } from '@mini/services/shapes'
import { getLimits, putLimits, type SaveMode } from '@mini/services/settings'
import type { ScreenProps } from '../../app'
import { useDraft } from '../../drafts'
import type { Column } from '../../kit/columns'
import { DataTable } from '../../kit/DataTable'
import { Drawer } from '../../kit/Drawer'
import { Loaded } from '../../kit/Message'
import { Office } from '../../kit/Office'
import { Preview } from '../../kit/Preview'
import { Screen } from '../../kit/Screen'
import { words } from '../../words'

const NAMES = ['accept', 'acknowledge', 'resolve'] as const
const own = (item: Limit, name: (typeof NAMES)[number]): boolean => item.own.includes(`${name}_minutes`)

function LimitCell({ item, name }: { item: Limit; name: (typeof NAMES)[number] }) {
  const text = wordsOf('settings')
  const clock = item.effective[`clock_${name}`]
  return (
    <>
      {fill(text.minutes, { n: item.effective[`${name}_minutes`] })}
      <span className="muted small"> {clock === 'working' ? text.working : text.around}</span>
      {own(item, name) && <span className="tag info">{text.own}</span>}
    </>
  )
}

const LIMIT_COLUMNS: readonly Column<Limit>[] = [
  { name: 'what', words: () => words().columns.what, cell: ({ zh }) => zh },
  { name: 'level', words: () => words().columns.kind, cell: ({ level }) => level },
  ...NAMES.map((name) => ({
    name,
    words: () => wordsOf('settings')[name],
    cell: (item: Limit) => <LimitCell item={item} name={name} />,
  })),
]

export function Limits({ id }: ScreenProps) {
  return (
    <Office screen={id ? `limits/${id}` : 'limits'}>
      {(place, picker) => <LimitTable key={place} place={place} picker={picker} opened={id} />}
    </Office>
  )
}

interface TableProps {
  place: string
  picker: React.ReactNode
  opened: string | undefined
}

function LimitTable({ place, picker, opened }: TableProps) {
  const query = useQuery({ queryKey: ['limits', place], queryFn: () => getLimits(place) })
  const [, navigate] = useLocation()
  const search = `?place_id=${place}`
  return (
    <Screen title={words().screens.limits} lead={words().office.previewFirst} actions={picker}>
      <Loaded query={query}>
        {(limits) => {
          const item = limits.items.find(({ code }) => code === opened)
          return (
            <div className={item ? 'split' : 'whole'}>
              <DataTable
                caption={words().screens.limits}
                columns={LIMIT_COLUMNS}
                rows={limits.items}
                id={({ code }) => code}
                label={({ zh }) => zh}
                opened={opened}
                hrefOf={(code) => `/limits/${code}${search}`}
              />
              {item && (
                <LimitDrawer
                  key={`${item.code}:${limits.version}`}
                  limits={limits}
                  item={item}
                  place={place}
                  onSaved={() => void query.refetch()}
                  onClose={() => navigate(`/limits${search}`)}
                />
              )}
            </div>
          )
        }}
      </Loaded>
    </Screen>
  )
}

interface LimitProps {
  limits: LimitsShape
  item: Limit
  place: string
  onSaved: () => void
  onClose: () => void
}

function LimitDrawer({ limits, item, place, onSaved, onClose }: LimitProps) {
  const text = wordsOf('settings')
  const initial = Object.fromEntries(NAMES.map((name) => [name, String(item.effective[`${name}_minutes`])]))
  const draft = useDraft<Record<string, string>>(`limit:${place}:${item.code}`, initial)
  const [wrong, setWrong] = useState(false)
  const put = (mode: SaveMode) => {
    const minutes = NAMES.map((name) => [name, Number(draft.value[name])] as const)
    const isWrong = minutes.some(([, n]) => !Number.isInteger(n) || n < 1)
    setWrong(isWrong)
    if (isWrong) return Promise.reject(new Error(text.number))
    const changed = minutes.filter(([name, n]) => own(item, name) || n !== item.effective[`${name}_minutes`])
    const mine = limits.own.find(({ code }) => code === item.code)
    const figures = Object.fromEntries(changed.map(([name, n]) => [`${name}_minutes`, n]))
    const rest = limits.own.filter(({ code }) => code !== item.code)
    return putLimits(place, limits.version, [...rest, { ...mine, code: item.code, ...figures }], mode)
  }
  return (
    <Drawer title={`${text.edit} · ${item.zh}`} about={item.code} onClose={onClose}>
      {NAMES.map((name) => (
        <label key={name} className="form-field">
          <span className="label">
            {text[name]}（{text.minute} ·{' '}
            {item.effective[`clock_${name}`] === 'working' ? text.working : text.around}）
          </span>
          <input
            className="field"
            type="number"
            min={1}
            value={draft.value[name]}
            aria-invalid={wrong}
            onChange={(event) => draft.set({ ...draft.value, [name]: event.target.value })}
          />
        </label>
      ))}
      <Preview
        about={JSON.stringify(draft.value)}
        put={put}
        onSaved={() => {
          draft.clear()
          onSaved()
        }}
      />
    </Drawer>
  )
}
