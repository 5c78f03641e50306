// The problems one can report, as tiles; what is reported most first, what is dangerous in its own colour.
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
  data: { often: [] as Tile[], urgent: [] as Tile[], others: [] as Tile[] },
  on: 'categories, chosen',
  draw() {
    const { categories, chosen } = this.data
    const tiles = (urgent: boolean): Tile[] =>
      categories.filter((each) => (each.level === 'E0') === urgent).map((each) => ({ code: each.code, name: nameOf(each), on: each.code === chosen }))
    this.setData({ urgent: tiles(true), ...split(tiles(false)) })
  },
  methods: {
    choose(event: { currentTarget: { dataset: { code: string } } }) {
      this.triggerEvent('choose', { code: event.currentTarget.dataset.code })
    },
  },
})

// What is reported most stands where the thumb is; the rest keeps the catalogue's order.
const OFTEN = ['stair_light', 'lift_fault', 'sewage', 'access_door', 'garbage', 'noise']

function split(tiles: Tile[]): { often: Tile[]; others: Tile[] } {
  const often = OFTEN.map((code) => tiles.find((tile) => tile.code === code)).filter((tile): tile is Tile => Boolean(tile))
  return { often, others: tiles.filter((tile) => !often.includes(tile)) }
}
