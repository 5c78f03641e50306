// Finding a place: by its address as people write it, or step by step from the street down; or simply where one stands.
import { fill, say } from '../../i18n/index'
import { picked, type Picked } from '../../core/picking'
import { scan } from '../../core/places'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { below, scanned, search } from '../../services/places'
import type { FoundPlace, Place } from '../../services/shapes'

const PAUSE = 300 // of typing, in milliseconds

screen({
  words: ['place', 'code'],
  title: (t) => t.place.title,
  data: { q: '', found: [] as FoundPlace[], none: false, crumbs: [] as Place[], places: [] as Place[], whole: '', trouble: '' },
  own: { timer: 0, chosen: false },
  left() {
    clearTimeout(this.timer)
    if (!this.chosen) picked(null)
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
        const { items } = await search(q)
        if (q === this.data.q.trim()) this.setData({ found: items, none: !items.length, trouble: '' })
      } catch (error) {
        this.setData({ trouble: problemOf(error).sentence })
      }
    },
    take(event: { currentTarget: { dataset: { n: number } } }) {
      const place = this.data.found[event.currentTarget.dataset.n]!
      this.finish({ id: place.id, label: place.label, ...(place.rest ? { note: place.rest } : {}) })
    },
    /** A step down; a unit has nothing below and is taken at once. */
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
        const places = await below(last?.id)
        if (last && !places.length) return this.finish({ id: last.id, label: last.label })
        this.setData({ crumbs, places, whole: last ? fill(say('place').whole, { name: last.name }) : '', trouble: '' })
      } catch (error) {
        this.setData({ trouble: problemOf(error).sentence })
      }
    },
    whole() {
      const last = this.data.crumbs.slice(-1)[0]!
      this.finish({ id: last.id, label: last.label })
    },
    async scan(): Promise<void> {
      const scene = await scan()
      if (!scene) return
      try {
        const { id, label } = await scanned(scene)
        this.finish({ id, label })
      } catch (error) {
        const problem = problemOf(error)
        this.setData({ trouble: problem.status === 404 ? say('home').unknownCode : problem.sentence })
      }
    },
    useHere() {
      wx.getLocation({
        type: 'gcj02',
        success: ({ latitude: lat, longitude: lng }) => this.finish({ label: fill(say('report').position, { lat: lat.toFixed(5), lng: lng.toFixed(5) }), position: { lat, lng } }),
        fail: () => this.setData({ trouble: say('place').noLocation }),
      })
    },
    finish(place: Picked): void {
      this.chosen = true
      picked(place)
      wx.navigateBack()
    },
  },
  // after the methods, which TypeScript has to know first
  async load() {
    const { crumbs } = this.data
    return { places: await below(crumbs.slice(-1)[0]?.id) }
  },
})
