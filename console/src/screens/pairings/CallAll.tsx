// One act before a festival or after a storm: every household that somebody looks after is to be visited until a moment.
import { useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { shanghaiTime } from '@mini/domain/time'
import { fill } from '@mini/i18n/index'
import { data, POST } from '../../api'
import { Drawer } from '../../kit/Drawer'
import { Form } from '../../kit/Form'
import { say } from '../../kit/Toast'
import { words } from '../../words'
import { filled, ownPlace, placeField } from '../subjects/parts'

const WEEK = 7 // days
const EVENING = 18 * 60 // minutes after midnight

export function CallAll({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const text = words().pairings
  return (
    <Drawer title={text.callAll} about="calls" onClose={onClose}>
      <p className="muted">{text.callLead}</p>
      <Form
        name="pairings:calls"
        fields={[
          placeField(() => text.callWhere),
          { name: 'due_at', kind: 'until', required: true, label: () => text.visitBy },
        ]}
        initial={{ ...ownPlace({}), due_at: shanghaiTime(WEEK, EVENING) }}
        submit={text.callAll}
        send={async (values) => {
          const { place_id, due_at } = filled(values)
          const body = { place_id: String(place_id), due_at: String(due_at) }
          const { due } = await data(POST('/api/v1/relationships/calls', { body }))
          say(fill(text.called, { n: due }))
          await client.invalidateQueries({ queryKey: ['pairings'] })
          navigate('/pairings')
        }}
      />
    </Drawer>
  )
}
