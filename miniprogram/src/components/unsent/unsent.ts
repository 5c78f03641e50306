// Reports that are not sent yet: what they wait for, and sending, changing or dropping them.
import { keepDraft } from '../../core/drafts'
import { removed } from '../../core/files'
import { flush, insist, take, unsent } from '../../core/outbox'
import { part } from '../../core/part'
import { spoken } from '../../core/time'
import type { Shared } from '../../core/store'
import { all, nameOf } from '../../services/categories'
import { fill, say } from '../../i18n/index'

interface Row {
  key: string
  name: string
  where: string
  refused: string
  maybe: string
  ticket: string
}

part({
  words: ['outbox'],
  data: { rows: [] as Row[] },
  draw() {
    void this.show()
  },
  shared(changed: Partial<Shared>) {
    if ('unsent' in changed) void this.show()
  },
  methods: {
    async show() {
      const items = unsent()
      const categories = items.length ? await all().catch(() => []) : []
      const named = (code: string): string => {
        const found = categories.find((each) => each.code === code)
        return found ? nameOf(found) : code
      }
      this.setData({
        rows: items.map((item) => ({ key: item.key, name: named(item.draft.category), where: [item.draft.place?.label, spoken(new Date(item.at).toISOString())].filter(Boolean).join(' · '), refused: item.refused ?? '', maybe: item.arrived ? fill(say('outbox').maybe, { no: item.arrived.no }) : '', ticket: item.arrived?.id ?? '' })),
      })
    },
    send() {
      void flush()
    },
    see(event: { currentTarget: { dataset: { id: string } } }) {
      wx.navigateTo({ url: `/pages/ticket/index?id=${event.currentTarget.dataset.id}` })
    },
    insist(event: { currentTarget: { dataset: { key: string } } }) {
      insist(event.currentTarget.dataset.key)
    },
    edit(event: { currentTarget: { dataset: { key: string } } }) {
      keepDraft(take(event.currentTarget.dataset.key)!.draft)
      wx.navigateTo({ url: '/pages/report/index?resume=1' })
    },
    remove(event: { currentTarget: { dataset: { key: string } } }) {
      const { key } = event.currentTarget.dataset
      wx.showModal({ title: say('outbox').remove, content: '', confirmText: say('common').ok, cancelText: say('common').cancel, success: ({ confirm }) => confirm && take(key)?.shots.forEach((shot) => removed(shot.path)) })
    },
  },
})
