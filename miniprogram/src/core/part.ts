// A component in few lines: `props` are properties with their first values, `words` the sections of the word table it shows as {{t.…}}.
import type { Section, Words } from '../i18n/index'
import { own } from './own'
import { store, type Shared } from './store'
import { spokenWords } from './words'

export interface Part<D> {
  data: D & { t: Words }
  setData(patch: Partial<D> & Record<string, unknown>): void
  triggerEvent(name: string, detail?: unknown): void
}

export interface PartSpec<P extends object, D extends object, M extends object, O extends object> {
  words?: readonly Section[]
  props?: P
  data?: D
  /** Fields of its own that are not shown: timers, keys. */
  own?: O
  /** Called when it appears, and again whenever one of the named properties changes. */
  on?: string
  draw?: () => void
  shared?: (changed: Partial<Shared>) => void
  gone?: () => void
  methods?: M
}

interface Instance {
  setData(patch: object): void
  unwatch?: () => void
}

export function part<P extends object = object, D extends object = object, M extends object = object, O extends object = object>(
  spec: PartSpec<P, D, M, O> & ThisType<Part<P & D> & M & O>,
): void {
  Component({
    options: { multipleSlots: true },
    properties: properties(spec.props ?? {}),
    data: { ...spec.data, t: spokenWords(spec.words ?? []) },
    methods: spec.methods ?? {},
    observers: spec.on && spec.draw ? { [spec.on]: spec.draw } : {},
    lifetimes: {
      created(this: Instance) {
        Object.assign(this, own(spec.own))
      },
      attached(this: Instance) {
        const dress = (): void => this.setData({ t: spokenWords(spec.words ?? []) })
        dress()
        spec.draw?.call(this as never)
        this.unwatch = store.watch((changed) => {
          if ('look' in changed) {
            dress()
            spec.draw?.call(this as never)
          }
          spec.shared?.call(this as never, changed)
        })
      },
      detached(this: Instance) {
        this.unwatch?.()
        spec.gone?.call(this as never)
      },
    },
  } as never) // the platform's own type of Component knows nothing of ThisType above
}

// Words may be missing while their page loads, so they have no kind: null for a String is a warning each time.
const KINDS = { number: Number, boolean: Boolean } as Record<string, unknown>

function properties(props: object): object {
  const kind = (value: unknown): unknown => (Array.isArray(value) ? Array : (KINDS[typeof value] ?? null))
  return Object.fromEntries(Object.entries(props).map(([name, value]) => [name, { type: kind(value), value }]))
}
