// For staff and agents in a report: seen oneself, or told by somebody — who, and how it came. Tells `change` {behalf}.
import type { Behalf } from '../../core/drafts'
import { STAFF, holds } from '../../core/office'
import { part } from '../../core/part'
import type { Shared } from '../../core/store'

const BLANK: Behalf = { name: '', phone: '', way: 'call' }

part({
  words: ['behalf', 'common'],
  props: { behalf: null as Behalf | null, errors: {} as Record<string, string> },
  data: { staff: false, agent: false },
  draw() {
    this.see()
  },
  shared(changed: Partial<Shared>) {
    if ('me' in changed) this.see()
  },
  methods: {
    see() {
      const staff = holds(STAFF)
      this.setData({ staff, agent: !staff && holds(['agent']) })
    },
    who(event: { currentTarget: { dataset: { told: boolean } } }) {
      this.triggerEvent('change', { behalf: event.currentTarget.dataset.told ? (this.data.behalf ?? BLANK) : null })
    },
    way(event: { currentTarget: { dataset: { way: Behalf['way'] } } }) {
      this.triggerEvent('change', { behalf: { ...this.data.behalf, way: event.currentTarget.dataset.way } })
    },
    type(event: { currentTarget: { dataset: { name: string } }; detail: { value: string } }) {
      this.triggerEvent('change', { behalf: { ...this.data.behalf, [event.currentTarget.dataset.name]: event.detail.value } })
    },
  },
})
