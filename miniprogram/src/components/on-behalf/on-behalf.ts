// Fields of a report made for somebody else: who told staff, and how. Event: `change` {behalf}.
import { hasRole, STAFF_ROLES } from '../../domain/roles'
import type { SharedState } from '../../domain/store'
import type { OnBehalf } from '../../domain/types'
import { defineComponent } from '../../ui/component'

const BLANK: OnBehalf = { name: '', phone: '', way: 'call' }

defineComponent({
  words: ['behalf', 'common'],
  props: { behalf: null as OnBehalf | null, errors: {} as Record<string, string> },
  data: { staff: false, agent: false },
  update() {
    this.see()
  },
  onStoreChange(changed: Partial<SharedState>) {
    if ('me' in changed) this.see()
  },
  methods: {
    see() {
      const staff = hasRole(STAFF_ROLES)
      this.setData({ staff, agent: !staff && hasRole(['agent']) })
    },
    who(event: { currentTarget: { dataset: { other: boolean } } }) {
      this.triggerEvent('change', {
        behalf: event.currentTarget.dataset.other ? (this.data.behalf ?? BLANK) : null,
      })
    },
    way(event: { currentTarget: { dataset: { way: OnBehalf['way'] } } }) {
      this.triggerEvent('change', { behalf: { ...this.data.behalf, way: event.currentTarget.dataset.way } })
    },
    type(event: { currentTarget: { dataset: { name: string } }; detail: { value: string } }) {
      this.triggerEvent('change', {
        behalf: { ...this.data.behalf, [event.currentTarget.dataset.name]: event.detail.value },
      })
    },
  },
})
