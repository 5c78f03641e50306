// Inviting somebody to a post. The code is shown once, to copy or share.
import { fieldMessageOf, messageOf } from '../../domain/errorMessage'
import { fetchMe } from '../../domain/profile'
import { managedPlaces, rolesOf } from '../../domain/roles'
import { store } from '../../domain/store'
import { formatTime } from '../../domain/time'
import { fill, wordsOf } from '../../i18n/index'
import { newKey } from '../../platform/idempotencyKey'
import { problemOf } from '../../platform/problem'
import { listOrganisationsAt } from '../../services/organisations'
import { getPlace } from '../../services/places'
import { createInvitation, type InvitationForm } from '../../services/posts'
import { getGrids } from '../../services/settings'
import type { Invitation, Place, Role } from '../../services/shapes'
import { definePage } from '../../ui/page'
import { tellRefusal } from '../../ui/refusal'
import { communities } from '../communities'
import '../words/index'

const GRID: readonly Role[] = ['head', 'deputy', 'duty', 'member']
/** Which posts a role can give, to show the choice. The server decides. */
const GIVEN: Partial<Record<Role, readonly Role[]>> = {
  community: [...GRID, 'agent'],
  street: [...GRID, 'agent', 'community', 'auditor'],
  admin: [...GRID, 'agent', 'community', 'street', 'auditor', 'admin'],
}

interface Choice {
  id: string
  words: string
}

definePage({
  words: ['invite', 'role'],
  title: (t) => t.invite.title,
  data: {
    roles: [] as { role: Role; words: string }[],
    role: '' as Role | '',
    places: [] as Place[],
    place: '',
    choices: [] as Choice[],
    choice: '',
    asking: '' as '' | 'where' | 'company',
    choosing: false,
    trouble: '',
    busy: false,
    invitation: null as Invitation | null,
    once: '',
  },
  instanceFields: { key: '', offices: [] as Place[] },
  onOpen(query) {
    this.key = newKey()
    this.setData({
      role: (query['role'] ?? '') as Role,
      place: query['community'] ?? '',
      choice: query['grid'] ?? query['organisation'] ?? '',
    })
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
    /** Load the places or companies the chosen role can be held at. */
    async offer() {
      this.key = newKey()
      const { role } = this.data
      const choosing = role === 'agent' || GRID.includes(role as Role)
      const place = choosing ? this.data.place || this.data.places[0]?.id || '' : this.data.place
      this.setData({
        choosing,
        place,
        choices: [],
        trouble: '',
        asking: role === 'agent' ? 'company' : role ? 'where' : '',
      })
      try {
        const choices = await this.found(role, place)
        if (role === this.data.role && place === this.data.place)
          this.setData({ choices, choice: this.data.choice || (choices.length === 1 ? choices[0]!.id : '') })
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
    },
    async found(role: Role | '', place: string): Promise<Choice[]> {
      if (role === 'agent')
        return place ? (await listOrganisationsAt(place)).map(({ id, name }) => ({ id, words: name })) : []
      if (GRID.includes(role as Role))
        return place ? (await getGrids(place)).grids.map(({ id, name }) => ({ id, words: name })) : []
      const streets = this.offices.filter((office) => office.level === 'street')
      const at =
        role === 'street'
          ? streets
          : role === 'community'
            ? this.data.places
            : [...streets, ...this.data.places]
      return role ? at.map(({ id, name }) => ({ id, words: name })) : []
    },
    async make(): Promise<void> {
      const { role, choice, busy } = this.data
      if (busy) return
      if (!role || !choice) return this.setData({ trouble: wordsOf('invite').need })
      this.setData({ busy: true, trouble: '' })
      try {
        const offer: InvitationForm =
          role === 'agent' ? { role, organisation_id: choice } : { role, place_id: choice }
        const invitation = await createInvitation(offer, this.key)
        wx.pageScrollTo({ scrollTop: 0, duration: 0 })
        this.setData({
          invitation,
          once: fill(wordsOf('invite').once, {
            at: invitation.invitation_until ? formatTime(invitation.invitation_until) : '',
          }),
        })
      } catch (error) {
        const problem = problemOf(error)
        this.setData({ trouble: fieldMessageOf(problem) })
      }
      this.setData({ busy: false })
    },
    copy() {
      wx.setClipboardData({
        data: this.data.invitation!.invitation_code,
        fail: (failure) => void tellRefusal('clipboard', failure),
      })
    },
    again() {
      this.key = newKey()
      this.setData({ invitation: null, choice: '', role: '', choices: [], asking: '', choosing: false })
    },
    onShareAppMessage() {
      const { invitation } = this.data
      return {
        title: fill(wordsOf('invite').shareTitle, { label: invitation?.label ?? '' }),
        path: `/office/redeem/index?code=${invitation?.invitation_code ?? ''}`,
      }
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    const me = store.get().me ?? (await fetchMe())
    const own = managedPlaces(me)
    const given = new Set(rolesOf(me).flatMap((role) => GIVEN[role] ?? []))
    const [places, offices] = await Promise.all([communities(own), Promise.all(own.map(getPlace))])
    this.offices = offices
    this.setData({ places })
    if (this.data.role && !this.data.invitation) await this.offer()
    return { places, roles: [...given].map((role) => ({ role, words: wordsOf('role')[role] })) }
  },
})
