// Inviting somebody to a post: which post, where; then the code, shown once, to copy or to send.
import { newKey } from '../../core/key'
import { ownPlaces, rolesOf } from '../../core/office'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { store } from '../../core/store'
import { spoken } from '../../core/time'
import { fill, say } from '../../i18n/index'
import { fetchMe } from '../../services/me'
import { one } from '../../services/places'
import { invite, type Offer } from '../../services/posts'
import { grids } from '../../services/settings'
import type { Invited, Place, Role } from '../../services/shapes'
import { communities } from '../communities'
import { companies } from '../companies'

const GRID: readonly Role[] = ['head', 'deputy', 'duty', 'member']
/** What each gives, to draw the choice; the server has the last word. */
const GIVEN: Partial<Record<Role, readonly Role[]>> = {
  community: [...GRID, 'agent'],
  street: [...GRID, 'agent', 'community', 'auditor'],
  admin: [...GRID, 'agent', 'community', 'street', 'auditor', 'admin'],
}

interface Choice {
  id: string
  words: string
}

screen({
  words: ['invite', 'role'],
  title: (t) => t.invite.title,
  data: {
    roles: [] as { role: Role; words: string }[], role: '' as Role | '', places: [] as Place[], place: '', choices: [] as Choice[], choice: '', asking: '' as '' | 'where' | 'company',
    choosing: false, trouble: '', busy: false, made: null as Invited | null, once: '',
  },
  own: { key: '', offices: [] as Place[] },
  opened(query) {
    this.key = newKey()
    this.setData({ role: (query['role'] ?? '') as Role, place: query['community'] ?? '', choice: query['grid'] ?? query['organisation'] ?? '' })
  },
  methods: {
    async role(event: { currentTarget: { dataset: { role: Role } } }) {
      this.setData({ role: event.currentTarget.dataset.role, choice: '' })
      await this.offer()
    },
    async place(event: { detail: { id: string } }) {
      this.setData({ place: event.detail.id, choice: '' })
      await this.offer()
    },
    choose(event: { currentTarget: { dataset: { id: string } } }) {
      this.key = newKey()
      this.setData({ choice: event.currentTarget.dataset.id, trouble: '' })
    },
    /** What the post can be held at, for the role chosen. */
    async offer() {
      this.key = newKey()
      const { role } = this.data
      const choosing = role === 'agent' || GRID.includes(role as Role)
      const place = choosing ? this.data.place || this.data.places[0]?.id || '' : this.data.place
      this.setData({ choosing, place, choices: [], trouble: '', asking: role === 'agent' ? 'company' : role ? 'where' : '' })
      try {
        const choices = await this.found(role, place)
        if (role === this.data.role && place === this.data.place) this.setData({ choices, choice: this.data.choice || (choices.length === 1 ? choices[0]!.id : '') })
      } catch (error) {
        this.setData({ trouble: problemOf(error).sentence })
      }
    },
    async found(role: Role | '', place: string): Promise<Choice[]> {
      if (role === 'agent') return place ? (await companies(place)).map(({ id, name }) => ({ id, words: name })) : []
      if (GRID.includes(role as Role)) return place ? (await grids(place)).grids.map(({ id, name }) => ({ id, words: name })) : []
      const streets = this.offices.filter((office) => office.level === 'street')
      const at = role === 'street' ? streets : role === 'community' ? this.data.places : [...streets, ...this.data.places]
      return role ? at.map(({ id, name }) => ({ id, words: name })) : []
    },
    async make(): Promise<void> {
      const { role, choice, busy } = this.data
      if (busy) return
      if (!role || !choice) return this.setData({ trouble: say('invite').need })
      this.setData({ busy: true, trouble: '' })
      try {
        const offer: Offer = role === 'agent' ? { role, organisation_id: choice } : { role, place_id: choice }
        const made = await invite(offer, this.key)
        wx.pageScrollTo({ scrollTop: 0, duration: 0 })
        this.setData({ made, once: fill(say('invite').once, { at: made.invitation_until ? spoken(made.invitation_until) : '' }) })
      } catch (error) {
        const problem = problemOf(error)
        this.setData({ trouble: problem.fields[0]?.detail ?? problem.sentence })
      }
      this.setData({ busy: false })
    },
    copy() {
      wx.setClipboardData({ data: this.data.made!.invitation_code })
    },
    again() {
      this.key = newKey()
      this.setData({ made: null, choice: '', role: '', choices: [], asking: '', choosing: false })
    },
    onShareAppMessage() {
      const { made } = this.data
      return { title: fill(say('invite').shareTitle, { label: made?.label ?? '' }), path: `/office/redeem/index?code=${made?.invitation_code ?? ''}` }
    },
  },
  // after the methods, which TypeScript has to know first
  async load() {
    const me = store.get().me ?? (await fetchMe())
    const own = ownPlaces(me)
    const given = new Set(rolesOf(me).flatMap((role) => GIVEN[role] ?? []))
    const [places, offices] = await Promise.all([communities(own), Promise.all(own.map(one))])
    this.offices = offices
    this.setData({ places })
    if (this.data.role && !this.data.made) await this.offer()
    return { places, roles: [...given].map((role) => ({ role, words: say('role')[role] })) }
  },
})
