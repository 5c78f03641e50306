// The problems one can report, as tiles; what is dangerous comes first and in its own colour.
import { part } from '../../core/part'
import { nameOf } from '../../services/categories'
import type { Category } from '../../services/shapes'

interface Tile {
  code: string
  name: string
  on: boolean
}

part({
  words: ['home'],
  props: { categories: [] as Category[], chosen: '' },
  data: { urgent: [] as Tile[], others: [] as Tile[] },
  on: 'categories, chosen',
  draw() {
    const { categories, chosen } = this.data
    const tiles = (urgent: boolean): Tile[] =>
      categories.filter((each) => (each.level === 'E0') === urgent).map((each) => ({ code: each.code, name: nameOf(each), on: each.code === chosen }))
    this.setData({ urgent: tiles(true), others: common(tiles(false)) })
  },
  methods: {
    choose(event: { currentTarget: { dataset: { code: string } } }) {
      this.triggerEvent('choose', { code: event.currentTarget.dataset.code })
    },
  },
})

// What is reported most stands where the thumb is; the rest keeps the catalogue's order.
const OFTEN = ['stair_light', 'lift_fault', 'sewage', 'access_door', 'garbage', 'noise']

function common(tiles: Tile[]): Tile[] {
  const often = OFTEN.map((code) => tiles.find((tile) => tile.code === code)).filter((tile): tile is Tile => Boolean(tile))
  return [...often, ...tiles.filter((tile) => !OFTEN.includes(tile.code))]
}
