// Finding a place by its address, step by step from the street down, by its code, or by the current position.
import { messageOf } from '../../domain/errorMessage'
import { homePlace } from '../../domain/places'
import type { PlaceChoice } from '../../domain/types'
import { fill, wordsOf } from '../../i18n/index'
import { problemOf } from '../../platform/problem'
import { getPlaceOfScene, listChildren, searchPlaces } from '../../services/places'
import type { FoundPlace, Place } from '../../services/shapes'
import { definePage } from '../../ui/page'
import { resolvePlace } from '../../ui/placePicker'
import { tellRefusal } from '../../ui/refusal'
import { scanCode } from '../../ui/scan'

const PAUSE = 300 // milliseconds without typing before a search

definePage({
  words: ['place', 'home'],
  title: (t) => t.place.title,
  data: {
    q: '',
    found: [] as FoundPlace[],
    none: false,
    crumbs: [] as Place[],
    places: [] as Place[],
    whole: '',
    trouble: '',
    home: null as PlaceChoice | null,
  },
  instanceFields: { timer: 0, chosen: false },
  onClose() {
    clearTimeout(this.timer)
    if (!this.chosen) resolvePlace(null)
  },
  methods: {
    type(event: { detail: { value: string } }) {
      clearTimeout(this.timer)
      this.setData({ q: event.detail.value, none: false })
      this.timer = setTimeout(() => void this.find(), PAUSE)
    },
    async find(): Promise<void> {
      const q = this.data.q.trim()
      if (!q) return this.setData({ found: [], none: false, trouble: '' })
      try {
        const { items } = await searchPlaces(q)
        if (q === this.data.q.trim()) this.setData({ found: items, none: !items.length, trouble: '' })
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
    },
    take(event: { currentTarget: { dataset: { n: number } } }) {
      const place = this.data.found[event.currentTarget.dataset.n]!
      this.finish({ id: place.id, label: place.label, ...(place.rest ? { note: place.rest } : {}) })
    },
    /** Go one level down. A unit has no children and is chosen at once. */
    async down(event: { currentTarget: { dataset: { n: number } } }): Promise<void> {
      const place = this.data.places[event.currentTarget.dataset.n]!
      if (place.level === 'unit') return this.finish({ id: place.id, label: place.label })
      await this.open([...this.data.crumbs, place])
    },
    async up(event: { currentTarget: { dataset: { n: number } } }) {
      await this.open(this.data.crumbs.slice(0, event.currentTarget.dataset.n))
    },
    async open(crumbs: Place[]): Promise<void> {
      const [last] = crumbs.slice(-1)
      try {
        const places = await listChildren(last?.id)
        if (last && !places.length) return this.finish({ id: last.id, label: last.label })
        this.setData({
          crumbs,
          places,
          whole: last ? fill(wordsOf('place').whole, { name: last.name }) : '',
          trouble: '',
        })
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
    },
    whole() {
      const last = this.data.crumbs.slice(-1)[0]!
      this.finish({ id: last.id, label: last.label })
    },
    async scan(): Promise<void> {
      const scene = await scanCode()
      if (scene === null) return
      try {
        const { id, label } = await getPlaceOfScene(scene)
        this.finish({ id, label })
      } catch (error) {
        const problem = problemOf(error)
        this.setData({ trouble: problem.status === 404 ? wordsOf('home').unknownCode : messageOf(problem) })
      }
    },
    useHere() {
      wx.getLocation({
        type: 'gcj02',
        success: ({ latitude: lat, longitude: lng }) =>
          this.finish({
            label: fill(wordsOf('report').position, { lat: lat.toFixed(5), lng: lng.toFixed(5) }),
            position: { lat, lng },
          }),
        fail: (failure) => void tellRefusal('location', failure),
      })
    },
    home() {
      this.finish(this.data.home!)
    },
    finish(place: PlaceChoice): void {
      this.chosen = true
      resolvePlace(place)
      wx.navigateBack()
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    const { crumbs } = this.data
    const [places, home] = await Promise.all([
      listChildren(crumbs.slice(-1)[0]?.id),
      homePlace().catch(() => null),
    ])
    return { places, home }
  },
})
