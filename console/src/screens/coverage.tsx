// Which grid can be asked about what today (技能): counts of posts, never of what a person does. A grid opens its duty card.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { fill } from '@mini/i18n/index'
import type { components } from '@mini/services/api'
import { getDutyCard } from '@mini/services/duty'
import type { DutySeat } from '@mini/services/shapes'
import { data, GET } from '../api'
import type { ScreenProps } from '../app'
import { Drawer } from '../kit/Drawer'
import { FactList } from '../kit/Facts'
import { ListScreen } from '../kit/ListScreen'
import type { DetailProps, ListSpec } from '../kit/listSpec'
import { Loaded } from '../kit/Message'
import { words } from '../words'

type GridSkills = components['schemas']['GridSkillsOut']
type SkillCount = GridSkills['skills'][number]

const text = () => words().coverage
const PAGE = 100
const SKILLS = ['policy', 'service', 'self_government', 'property', 'safety', 'culture'] as const

const LIST: ListSpec<GridSkills> = {
  name: 'coverage',
  title: () => words().screens.coverage,
  lead: () => text().lead,
  filters: [{ name: 'gaps', kind: 'switch', words: () => text().gaps }],
  load: async ({ gaps }, cursor) => {
    const query = { limit: PAGE, ...(cursor ? { cursor } : {}) }
    const page = await data(GET('/api/v1/duty/gaps', { params: { query } }))
    return gaps ? { ...page, items: page.items.filter((grid) => grid.gaps.length || !grid.answers) } : page
  },
  id: ({ id }) => id,
  label: ({ label }) => label,
  empty: () => ({ title: text().empty, text: text().emptyText }),
  columns: [
    { name: 'grid', words: () => text().grid, usual: true, cell: ({ label }) => label },
    ...SKILLS.map((code) => ({
      name: code,
      words: () => words().skills[code],
      usual: true,
      spare: code !== 'policy' && code !== 'property',
      cell: ({ skills }: GridSkills) => <Count skill={skills.find((each) => each.code === code)} />,
    })),
    {
      name: 'answers',
      words: () => text().answers,
      usual: true,
      cell: ({ answers }) => (answers ? '✓' : <span className="tag late">{text().nobody}</span>),
    },
  ],
  Detail: OneGrid,
}

export const Coverage = ({ id }: ScreenProps) => <ListScreen spec={LIST} opened={id} />

function Count({ skill }: { skill: SkillCount | undefined }) {
  if (!skill?.posts) return <span className="tag late">{text().missing}</span>
  const said = fill(text().today, { n: skill.posts, m: skill.available })
  return skill.available ? said : <span className="tag soon">{said}</span>
}

/** The card as residents see it: whom they would call now. */
function OneGrid({ id, row, onClose }: DetailProps<GridSkills>) {
  const query = useQuery({ queryKey: ['duty', id], queryFn: () => getDutyCard(id) })
  return (
    <Drawer title={row?.label ?? words().screens.coverage} about={id} onClose={onClose}>
      <Loaded query={query}>
        {({ call, community, posts, stewards }) => (
          <>
            <p className="ways">
              <Link className="btn plain small" href={`/posts?place_id=${id}`}>
                {text().fill}
              </Link>
            </p>
            <section aria-labelledby="card-title">
              <h3 id="card-title">{text().card}</h3>
              <FactList
                rows={[
                  [text().call, call && `${call.label} ${call.phone}`],
                  [text().community, community?.label],
                ]}
              />
            </section>
            <Seats title={text().posts} seats={posts} />
            <Seats title={text().stewards} seats={stewards} />
          </>
        )}
      </Loaded>
    </Drawer>
  )
}

function Seats({ title, seats }: { title: string; seats: readonly DutySeat[] }) {
  if (!seats.length) return null
  return (
    <section>
      <h3>{title}</h3>
      <ul className="plain-list">
        {seats.map((seat, n) => (
          <li key={`${seat.title} ${n}`}>
            <p>
              <span className="strong">{seat.title}</span> {seat.name}{' '}
              <span className="ltr">{seat.call?.phone}</span>
            </p>
            <p className="muted small">
              {[seat.hours, seat.skills.length > 0 && skillsOf(seat)].filter(Boolean).join(' · ')}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

const skillsOf = ({ skills }: DutySeat): string =>
  `${text().skills} ${skills.map(({ name }) => name).join('、')}`
