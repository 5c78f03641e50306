// The reports in the outbox: why each waits, and buttons to send, change or remove it.
import { fetchCategories } from '../../domain/categories'
import { saveDraft } from '../../domain/drafts'
import { sendAgain, sendNow, takeOut, unsentReports, waitingTextOf } from '../../domain/outbox'
import { type SharedState, store } from '../../domain/store'
import { formatTime } from '../../domain/time'
import { fill, wordsOf } from '../../i18n/index'
import { removeFile } from '../../platform/files'
import { ask } from '../../ui/ask'
import { defineComponent } from '../../ui/component'

interface Row {
  key: string
  name: string
  where: string
  refused: string
  maybe: string
  waits: string
  sending: boolean
  ticket: string
}

defineComponent({
  words: ['outbox'],
  data: { rows: [] as Row[] },
  update() {
    void this.show()
  },
  onStoreChange(changed: Partial<SharedState>) {
    if ('unsent' in changed || 'sending' in changed) void this.show()
  },
  methods: {
    async show() {
      const items = unsentReports()
      const categories = items.length ? await fetchCategories().catch(() => []) : []
      const named = (code: string): string => {
        const found = categories.find((each) => each.code === code)
        return found ? found.name : code
      }
      this.setData({
        rows: items.map((item) => ({
          key: item.key,
          name: named(item.draft.category),
          where: [item.draft.place?.label, formatTime(new Date(item.at).toISOString())]
            .filter(Boolean)
            .join(' · '),
          refused: item.refused ?? '',
          maybe: item.arrived ? fill(wordsOf('outbox').maybe, { no: item.arrived.no }) : '',
          waits: waitingTextOf(item),
          sending: item.key === store.get().sending,
          ticket: item.arrived?.id ?? '',
        })),
      })
    },
    send() {
      void sendNow()
    },
    see(event: { currentTarget: { dataset: { id: string } } }) {
      wx.navigateTo({ url: `/pages/ticket/index?id=${event.currentTarget.dataset.id}` })
    },
    insist(event: { currentTarget: { dataset: { key: string } } }) {
      sendAgain(event.currentTarget.dataset.key)
    },
    edit(event: { currentTarget: { dataset: { key: string } } }) {
      saveDraft(takeOut(event.currentTarget.dataset.key)!.draft)
      wx.navigateTo({ url: '/pages/report/index?resume=1' })
    },
    async remove(event: { currentTarget: { dataset: { key: string } } }) {
      const { key } = event.currentTarget.dataset
      if (await ask(wordsOf('outbox').remove)) takeOut(key)?.shots.forEach((shot) => removeFile(shot.path))
    },
  },
})
