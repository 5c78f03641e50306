// Notice settings: which groups of notices to receive, and whether nights are quiet. Some notices are always
// sent.
import { messageOf } from '../../domain/errorMessage'
import { store } from '../../domain/store'
import { fill, wordsOf } from '../../i18n/index'
import { getNoticeSettings, putNoticeSettings } from '../../services/notices'
import type { NoticeSettings, NoticeSettingsForm } from '../../services/shapes'
import { definePage } from '../../ui/page'

type Group = keyof NoticeSettingsForm

interface Row {
  group: Group
  name: string
  hint: string
  on: boolean
}

const STAFF_GROUPS = new Set<Group>(['work', 'reminders']) // only for staff
const GROUPS = ['mine', 'comments', 'work', 'reminders', 'quiet_nights'] as const satisfies readonly Group[]

definePage({
  words: ['noticeSettings'],
  title: (t) => t.noticeSettings.title,
  data: { rows: [] as Row[], trouble: '' },
  instanceFields: { settings: null as NoticeSettings | null, sent: null as Promise<unknown> | null },
  methods: {
    show(settings: NoticeSettings): Row[] {
      this.settings = settings
      const words = wordsOf('noticeSettings')
      const posts = Boolean(store.get().me?.posts.length)
      return GROUPS.filter((group) => posts || !STAFF_GROUPS.has(group)).map((group) => ({
        group,
        name: words[group],
        hint: fill(words[`${group}_hint`], { ...settings.night }),
        on: settings[group],
      }))
    },
    async turn(event: { currentTarget: { dataset: { group: Group } }; detail: { value: boolean } }) {
      const { group } = event.currentTarget.dataset
      const before = this.settings!
      const { mine, work, reminders, comments, quiet_nights } = before
      const settings: NoticeSettingsForm = {
        mine,
        work,
        reminders,
        comments,
        quiet_nights,
        [group]: event.detail.value,
      }
      // At once, so that the next tap starts from it.
      this.setData({ rows: this.show({ ...before, ...settings }), trouble: '' })
      this.sent = Promise.resolve(this.sent).then(() => putNoticeSettings(settings)) // one after the other
      try {
        await this.sent
      } catch (error) {
        this.sent = null
        this.setData({ rows: this.show(before), trouble: messageOf(error) })
      }
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    return { rows: this.show(await getNoticeSettings()) }
  },
})
