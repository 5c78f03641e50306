// Today's picture of an office: its numbers, and those of its parts. Event: `pick` {kind, unit}, the list that
// a number counts.
import type { Area } from '../../domain/today'
import type { TodayKind } from '../../domain/workbench'
import { defineComponent } from '../../ui/component'

defineComponent({
  words: ['workbench'],
  props: { areas: [] as Area[] },
  methods: {
    pick(event: { currentTarget: { dataset: { kind: TodayKind; id: string; label: string } } }) {
      const { kind, id, label } = event.currentTarget.dataset
      this.triggerEvent('pick', { kind, unit: { id, label } })
    },
  },
})
