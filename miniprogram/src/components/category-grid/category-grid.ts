// The categories as tiles: frequent ones first, dangerous ones in their own colour.
import type { Category } from '../../services/shapes'
import { defineComponent } from '../../ui/component'

interface Tile {
  code: string
  name: string
  on: boolean
}

defineComponent({
  words: ['home'],
  props: { categories: [] as Category[], chosen: '' },
  data: { often: [] as Tile[], urgent: [] as Tile[], others: [] as Tile[] },
  observe: 'categories, chosen',
  update() {
    const { categories, chosen } = this.data
    const tiles = (urgent: boolean): Tile[] =>
      categories
        .filter((each) => (each.level === 'E0') === urgent)
        .map((each) => ({ code: each.code, name: each.name, on: each.code === chosen }))
    this.setData({ urgent: tiles(true), ...split(tiles(false)) })
  },
  methods: {
    choose(event: { currentTarget: { dataset: { code: string } } }) {
      this.triggerEvent('choose', { code: event.currentTarget.dataset.code })
    },
  },
})

// Reported most often, so they come first. The others keep the order of the catalogue.
const OFTEN = ['stair_light', 'lift_fault', 'sewage', 'access_door', 'garbage', 'noise']

function split(tiles: Tile[]): { often: Tile[]; others: Tile[] } {
  const often = OFTEN.map((code) => tiles.find((tile) => tile.code === code)).filter((tile): tile is Tile =>
    Boolean(tile),
  )
  return { often, others: tiles.filter((tile) => !often.includes(tile)) }
}
