// The ways into the common life: for residents (`who` is `home`; `say` when nothing is broken), for staff at their
// workbench (`work`), to what became of what one said (`mine`), and to what is one's own (`me`).
import { hasRole, STAFF_ROLES } from '../../domain/roles'
import type { SharedState } from '../../domain/store'
import { type Words, wordsOf } from '../../i18n/index'
import { defineComponent } from '../../ui/component'
import { fontScale } from '../../ui/theme'

type Name = Exclude<keyof Words['doors'], 'title'>
interface Door {
  name: Name
  icon: string
  url: string
  words: string
}

const FIRST = 3
const LARGE = 1.45 // text size
const LIST = '/subjects/list/index?noun='
const URLS: Readonly<Record<Name, [icon: string, url: string]>> = {
  say: ['comment', '/subjects/form/index?noun=opinion'],
  said: ['history', `${LIST}opinion`],
  topics: ['follow', `${LIST}topic`],
  activities: ['time', `${LIST}activity`],
  surveys: ['list', `${LIST}survey`],
  projects: ['small_repair', `${LIST}project`],
  visits: ['home', '/subjects/visits/index'],
  opinions: ['comment', `${LIST}opinion`],
  roster: ['call', '/subjects/duty/index'],
  offers: ['stair_clutter', `${LIST}offer`],
  reservations: ['check', `${LIST}reservation`],
  pairings: ['care', `${LIST}relationship`],
  care: ['care', '/subjects/care/index'],
  disputes: ['dispute', `${LIST}dispute`],
  certificates: ['secured', '/subjects/certificates/index'],
  points: ['star', '/subjects/points/index'],
  handover: ['scan', '/subjects/handover/index'],
}
const SHOWN: Readonly<Record<string, readonly Name[]>> = {
  say: ['say'],
  home: ['said', 'topics', 'activities', 'surveys', 'offers'],
  mine: ['said'],
  me: ['reservations', 'points', 'pairings', 'disputes', 'certificates'],
  work: [
    ...(['visits', 'care', 'handover', 'opinions', 'topics', 'activities'] as const),
    ...(['surveys', 'projects', 'offers', 'roster'] as const),
  ],
}

defineComponent({
  words: ['doors', 'common'],
  props: { who: 'home' },
  data: { doors: [] as Door[], more: false },
  instanceFields: { all: false },
  observe: 'who',
  update() {
    this.show()
  },
  onStoreChange(changed: Partial<SharedState>) {
    if ('me' in changed) this.show()
  },
  methods: {
    show() {
      const { who } = this.data
      const names = who === 'work' && !hasRole(STAFF_ROLES) ? [] : (SHOWN[who] ?? [])
      const words = wordsOf('doors')
      // In large text the ways fill the screen before the first ticket: the rest are behind a tap.
      const more = who === 'work' && names.length > FIRST && fontScale() >= LARGE && !this.all
      this.setData({
        more,
        doors: (more ? names.slice(0, FIRST) : names).map((name) => ({
          name,
          icon: URLS[name][0],
          url: URLS[name][1],
          words: words[name],
        })),
      })
    },
    showAll() {
      this.all = true
      this.show()
    },
    open(event: { currentTarget: { dataset: { url: string } } }) {
      wx.navigateTo({ url: event.currentTarget.dataset.url })
    },
  },
})
