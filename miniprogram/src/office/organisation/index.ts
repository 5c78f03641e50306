// Creating or changing a company or department: name, kind, categories, places.
import { fetchCategories } from '../../domain/categories'
import { messageOf } from '../../domain/errorMessage'
import { fill, wordsOf } from '../../i18n/index'
import { newKey } from '../../platform/idempotencyKey'
import { fieldOf, problemOf } from '../../platform/problem'
import { createOrganisation, getOrganisation, updateOrganisation } from '../../services/organisations'
import { getPlace } from '../../services/places'
import type { OrganisationForm } from '../../services/shapes'
import { definePage } from '../../ui/page'
import { pickPlace } from '../../ui/placePicker'
import '../words/index'

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

definePage({
  words: ['orgs'],
  title: (t) => t.orgs.edit,
  data: {
    id: '',
    name: '',
    kind: 'property' as Kind,
    places: [] as Served[],
    skills: [] as Skill[],
    theirs: false,
    errors: {} as Record<string, string>,
    trouble: '',
    busy: false,
  },
  instanceFields: { key: '', read: false },
  onOpen(query) {
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
      this.change({
        skills: this.data.skills.map((skill, n) =>
          n === event.currentTarget.dataset.n ? { ...skill, on: !skill.on } : skill,
        ),
      })
    },
    async place() {
      const place = await pickPlace()
      if (place?.id && !this.data.places.some((each) => each.id === place.id))
        this.change({ places: [...this.data.places, served(place.id, place.label)] })
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
      const words = wordsOf('orgs')
      const errors = {
        ...(name.trim() ? {} : { name: words.need }),
        ...(places.length ? {} : { place_ids: words.needPlaces }),
      }
      if (Object.keys(errors).length) return this.setData({ errors })
      this.setData({ busy: true, trouble: '' })
      const form = {
        name: name.trim(),
        kind,
        place_ids: places.map((place) => place.id),
        skills: skills.filter((skill) => skill.on).map((skill) => skill.skill),
      }
      try {
        await (id ? updateOrganisation(id, form) : createOrganisation(form, this.key))
        wx.showToast({ title: words.saved, icon: 'success' })
        wx.navigateBack()
      } catch (error) {
        const problem = problemOf(error)
        this.setData({
          trouble: messageOf(problem),
          errors: Object.fromEntries(problem.fieldErrors.map((each) => [fieldOf(each.pointer), each.detail])),
        })
      }
      this.setData({ busy: false })
    },
    keys() {
      const { id, name } = this.data
      wx.navigateTo({ url: `/office/keys/index?id=${id}&name=${encodeURIComponent(name)}` })
    },
    agent() {
      wx.navigateTo({ url: `/office/invite/index?role=agent&organisation=${this.data.id}` })
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    if (this.read) return {} // back from the place page: keep the changes
    const skills = skillsOf(await fetchCategories())
    if (!this.data.id) {
      this.read = true
      return { skills }
    }
    const { name, kind, place_ids, skills: mine, changeable } = await getOrganisation(this.data.id)
    const places = await Promise.all(place_ids.map(async (id) => served(id, (await getPlace(id)).label)))
    this.read = true
    return {
      name,
      kind,
      places,
      theirs: !changeable,
      skills: skills.map((skill) => ({ ...skill, on: mine.includes(skill.skill) })),
    }
  },
})

const served = (id: string, label: string): Served => ({
  id,
  label,
  remove: fill(wordsOf('orgs').removePlace, { place: label }),
})

// A skill has no name of its own; it is named by its categories.
function skillsOf(categories: Awaited<ReturnType<typeof fetchCategories>>): Skill[] {
  const named = new Map<string, string[]>()
  for (const category of categories)
    named.set(category.skill, [...(named.get(category.skill) ?? []), category.name])
  return [...named].map(([skill, names]) => ({
    skill,
    words: names.slice(0, 3).join('、') + (names.length > 3 ? '…' : ''),
    on: false,
  }))
}
