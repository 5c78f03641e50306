// Defining a component.
import { type SharedState, store } from '../domain/store'
import type { Section, Words } from '../i18n/index'
import { copyFields } from './instanceFields'
import { wordSections } from './words'

/** What `this` is in a component's functions, besides its own methods and fields. */
export interface ComponentInstance<D> {
  data: D & { t: Words }
  setData(patch: Partial<D> & Record<string, unknown>): void
  triggerEvent(name: string, detail?: unknown): void
}

export interface ComponentOptions<P extends object, D extends object, M extends object, O extends object> {
  /** Sections of the word table the component shows. */
  words?: readonly Section[]
  /** Properties with their default values. */
  props?: P
  data?: D
  /** Fields that are not shown: timers, keys. */
  instanceFields?: O
  /** Names of properties, as in WeChat's `observers`; `update` is called when one of them changes. */
  observe?: string
  /**
   * Called when the component is attached, when an observed property changes, and when the language changes.
   */
  update?: () => void
  onStoreChange?: (changed: Partial<SharedState>) => void
  onDetach?: () => void
  methods?: M
}

interface Instance {
  setData(patch: object): void
  unwatch?: () => void
}

export function defineComponent<
  P extends object = object,
  D extends object = object,
  M extends object = object,
  O extends object = object,
>(options: ComponentOptions<P, D, M, O> & ThisType<ComponentInstance<P & D> & M & O>): void {
  Component({
    options: { multipleSlots: true },
    properties: properties(options.props ?? {}),
    data: { ...options.data, t: wordSections(options.words ?? []) },
    methods: options.methods ?? {},
    observers: options.observe && options.update ? { [options.observe]: options.update } : {},
    lifetimes: {
      created(this: Instance) {
        Object.assign(this, copyFields(options.instanceFields))
      },
      attached(this: Instance) {
        const updateTexts = (): void => this.setData({ t: wordSections(options.words ?? []) })
        updateTexts()
        options.update?.call(this as never)
        this.unwatch = store.watch((changed) => {
          if ('themeVersion' in changed) {
            updateTexts()
            options.update?.call(this as never)
          }
          options.onStoreChange?.call(this as never, changed)
        })
      },
      detached(this: Instance) {
        this.unwatch?.()
        options.onDetach?.call(this as never)
      },
    },
  } as never) // WeChat's typings of Component do not allow the ThisType above
}

// A string has no type here: its words may be missing while the page loads, and WeChat warns of null for a
// String.
const TYPES: Readonly<Record<string, unknown>> = { number: Number, boolean: Boolean }

function properties(props: object): object {
  const typeOf = (value: unknown): unknown => (Array.isArray(value) ? Array : (TYPES[typeof value] ?? null))
  const entries = Object.entries(props as Record<string, unknown>)
  return Object.fromEntries(entries.map(([name, value]) => [name, { type: typeOf(value), value }]))
}
