// One subject beside its list: what can be done, what is known, what belongs to it, what happened.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link } from 'wouter'
import { formatTime } from '@mini/domain/time'
import { Drawer } from '../../kit/Drawer'
import { FactList } from '../../kit/Facts'
import type { DetailProps } from '../../kit/listSpec'
import { Loaded } from '../../kit/Message'
import { Photos } from '../../kit/Photos'
import { getSubject, listSubjectEvents, type Path, type Subject, type SubjectEvent } from '../../subjects'
import { words } from '../../words'
import { Acts } from './Acts'
import { Due, DueDay, linkTo } from './parts'
import { screenOf, type SubjectSpec } from './spec'

const RENEW = 15_000 // milliseconds
const LISTS: readonly string[] = [
  'opinions',
  'activities',
  'topics',
  'projects',
  'surveys',
  'offers',
  'reservations',
  'tickets',
  'work',
]

export function SubjectDrawer<S extends Subject>({
  spec,
  id,
  row,
  onChange,
  onDone,
  onClose,
}: DetailProps<S> & { spec: SubjectSpec<S> }) {
  const client = useQueryClient()
  const queryKey = ['subject', id]
  const query = useQuery({
    queryKey,
    queryFn: () => getSubject<S>(spec.path, id),
    placeholderData: row as never,
    refetchInterval: RENEW,
  })
  const subject = query.data
  // What somebody else has done shows in the list too.
  useEffect(() => {
    if (subject && row && subject.updated_at !== row.updated_at) onChange(subject)
  }, [subject, row, onChange])
  const show = (fresh: S): void => {
    client.setQueryData(queryKey, fresh)
    onChange(fresh)
  }
  const done = (fresh: S): void => {
    client.setQueryData(queryKey, fresh)
    // What an act has made of it stands in other lists.
    for (const name of LISTS) if (name !== screenOf(spec)) void client.invalidateQueries({ queryKey: [name] })
    if (fresh.actions.length) {
      onChange(fresh)
      if (!spec.after) document.getElementById('drawer-title')?.focus()
    } else onDone(fresh)
    spec.after?.()
  }
  return (
    <Drawer
      title={subject ? spec.label(subject) : words().screens[screenOf(spec)]}
      about={id}
      onClose={onClose}
    >
      <Loaded query={{ ...query, data: subject }}>
        {(found) => (
          <>
            <Acts key={id} spec={spec} subject={found} onChange={show} onDone={done} />
            <Facts spec={spec} subject={found} />
            {spec.More && <spec.More subject={found} onChange={show} />}
            <History path={spec.path} subject={found} />
          </>
        )}
      </Loaded>
    </Drawer>
  )
}

function Facts<S extends Subject>({ spec, subject }: { spec: SubjectSpec<S>; subject: S }) {
  const text = words().subjects
  const { status, status_name, place, author, created_at } = subject
  return (
    <section aria-label={text.state}>
      <p className="status-line">
        <span className={`status ${status}`}>{status_name}</span>{' '}
        {spec.byDay ? <DueDay subject={subject} /> : <Due subject={subject} />}
      </p>
      <FactList
        rows={[
          [text.where, place.label],
          ...spec.facts(subject),
          [text.from, linkTo(subject.source)],
          [text.led, linkTo(subject.outcome)],
          [text.author, author.label],
          [text.at, formatTime(created_at)],
        ]}
      />
      {subject.text && (
        <>
          <h3>{text.text}</h3>
          <p className="break">{subject.text}</p>
        </>
      )}
      {subject.result && !spec.More && (
        <>
          <h3>{text.result}</h3>
          <p className="break">{subject.result}</p>
        </>
      )}
      <p className="ways">
        {spec.ways(subject).map(({ href, words: said }) => (
          <Link key={said} className="btn plain small" href={href}>
            {said}
          </Link>
        ))}
      </p>
    </section>
  )
}

export const useEvents = (path: Path, subject: Subject) =>
  useQuery({
    queryKey: ['subject-events', subject.id, subject.updated_at],
    queryFn: () => listSubjectEvents(path, subject.id),
    placeholderData: (before: SubjectEvent[] | undefined) => before,
  })

/** What happened, newest first. */
function History({ path, subject }: { path: Path; subject: Subject }) {
  const query = useEvents(path, subject)
  return (
    <section aria-labelledby="history-title">
      <h3 id="history-title">{words().subjects.history}</h3>
      <Loaded query={query}>
        {(events) => (
          <ol className="timeline" reversed>
            {[...events].reverse().map((event) => (
              <li key={event.seq}>
                <p className="strong">{event.label}</p>
                {event.text && event.seq > 1 && <p className="break">{event.text}</p>}
                {event.photos.length > 0 && <Photos photos={event.photos} small />}
                <p className="muted small">
                  {event.actor.label} · {formatTime(event.at)}
                </p>
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </section>
  )
}
