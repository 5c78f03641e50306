// One company or department: its name, kind, what it is the default for, the places it serves. New, or changed.
import { newKey } from '../../core/key'
import { pickPlace } from '../../core/picking'
import { fieldOf, problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { fill, say } from '../../i18n/index'
import { all, nameOf } from '../../services/categories'
import { add, alter, whole } from '../../services/organisations'
import { one } from '../../services/places'
import type { OrganisationForm } from '../../services/shapes'

interface Served {
  id: string
  label: string
  remove: string
}

interface Skill {
  skill: string
  words: string
  on: boolean
}

type Kind = OrganisationForm['kind']

screen({
  words: ['orgs'],
  title: (t) => t.orgs.edit,
  data: { id: '', name: '', kind: 'property' as Kind, places: [] as Served[], skills: [] as Skill[], theirs: false, errors: {} as Record<string, string>, trouble: '', busy: false },
  own: { key: '', read: false },
  opened(query) {
    this.key = newKey()
    this.setData({ id: query['id'] ?? '', name: decodeURIComponent(query['name'] ?? '') })
  },
  methods: {
    name(event: { detail: { value: string } }) {
      this.change({ name: event.detail.value })
    },
    kind(event: { currentTarget: { dataset: { kind: Kind } } }) {
      this.change({ kind: event.currentTarget.dataset.kind })
    },
    skill(event: { currentTarget: { dataset: { n: number } } }) {
      this.change({ skills: this.data.skills.map((skill, n) => (n === event.currentTarget.dataset.n ? { ...skill, on: !skill.on } : skill)) })
    },
    async place() {
      const place = await pickPlace()
      if (place?.id && !this.data.places.some((each) => each.id === place.id)) this.change({ places: [...this.data.places, served(place.id, place.label)] })
    },
    drop(event: { currentTarget: { dataset: { n: number } } }) {
      this.change({ places: this.data.places.filter((_, n) => n !== event.currentTarget.dataset.n) })
    },
    change(values: object) {
      this.key = newKey()
      this.setData({ ...values, errors: {}, trouble: '' })
    },
    async save(): Promise<void> {
      const { id, name, kind, places, skills, busy } = this.data
      if (busy) return
      const words = say('orgs')
      const errors = { ...(name.trim() ? {} : { name: words.need }), ...(places.length ? {} : { place_ids: words.needPlaces }) }
      if (Object.keys(errors).length) return this.setData({ errors })
      this.setData({ busy: true, trouble: '' })
      const form = { name: name.trim(), kind, place_ids: places.map((place) => place.id), skills: skills.filter((skill) => skill.on).map((skill) => skill.skill) }
      try {
        await (id ? alter(id, form) : add(form, this.key))
        wx.showToast({ title: words.saved, icon: 'success' })
        wx.navigateBack()
      } catch (error) {
        const problem = problemOf(error)
        this.setData({ trouble: problem.sentence, errors: Object.fromEntries(problem.fields.map((each) => [fieldOf(each.pointer), each.detail])) })
      }
      this.setData({ busy: false })
    },
    agent() {
      wx.navigateTo({ url: `/office/invite/index?role=agent&organisation=${this.data.id}` })
    },
  },
  // after the methods, which TypeScript has to know first
  async load() {
    if (this.read) return {} // coming back from the place page: what was written stays
    const skills = skillsOf(await all())
    if (!this.data.id) {
      this.read = true
      return { skills }
    }
    const { name, kind, place_ids, skills: mine, changeable } = await whole(this.data.id)
    const places = await Promise.all(place_ids.map(async (id) => served(id, (await one(id)).label)))
    this.read = true
    return { name, kind, places, theirs: !changeable, skills: skills.map((skill) => ({ ...skill, on: mine.includes(skill.skill) })) }
  },
})

const served = (id: string, label: string): Served => ({ id, label, remove: fill(say('orgs').removePlace, { place: label }) })

// A skill has no name of its own: it is said by the categories it covers.
function skillsOf(categories: Awaited<ReturnType<typeof all>>): Skill[] {
  const named = new Map<string, string[]>()
  for (const category of categories) named.set(category.skill, [...(named.get(category.skill) ?? []), nameOf(category)])
  return [...named].map(([skill, names]) => ({ skill, words: names.slice(0, 3).join('、') + (names.length > 3 ? '…' : ''), on: false }))
}
