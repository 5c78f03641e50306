/** What WeChat's components can do beyond the adapter: places inside the page, the tab bar, observers with any margins. */
import * as glass from 'glass-easel'
import { component as parts } from 'glass-easel-miniprogram-adapter'
import { layerOf } from './layers'

const caller = parts.ComponentCaller.prototype as any
const trigger = caller.triggerEvent
const observe = caller.createIntersectionObserver

Object.assign(caller, {
  triggerEvent(this: any, name: string, detail: unknown = {}, options: object = {}) {
    return trigger.call(this, name, detail, options)
  },
  createIntersectionObserver(this: any, options?: object) {
    const made = observe.call(this, options)
    const { relativeTo, relativeToViewport } = Object.getPrototypeOf(made)
    made.relativeTo = (selector: string, margins?: object) => relativeTo.call(made, selector, whole(margins))
    made.relativeToViewport = (margins?: object) => relativeToViewport.call(made, whole(margins))
    return made
  },
  getTabBar(this: any) {
    return layerOf(this._$.getBackendElement())?.tabBar
  },
  getPageId(this: any) {
    return String(layerOf(this._$.getBackendElement())?.id ?? '')
  },
  setUpdatePerformanceListener() {},
  setPassiveEvent() {},
})

const whole = (margins?: object) => ({ left: 0, top: 0, right: 0, bottom: 0, ...margins })

// A page begins below its navigation bar: positions are told from there.
const element = glass.Element.prototype as any
const measured = element.getBoundingClientRect
element.getBoundingClientRect = function (callback: (rect: object) => void) {
  measured.call(this, ({ left, top, width, height }: DOMRect) => {
    const above = layerOf(this.getBackendElement?.() ?? null)?.top ?? 0
    callback({ left, top: top - above, width, height, right: left + width, bottom: top - above + height })
  })
}

const touches = (name: 'touches' | 'changedTouches') =>
  function (this: glass.Event<unknown>) {
    const event = this.getOriginalEvent() as (TouchEvent & MouseEvent) | undefined
    if (!event) return undefined
    const above = layerOf(event.target as Element)?.top ?? 0
    const points = event[name] ? [...event[name]] : event instanceof MouseEvent ? [event] : []
    return points.map((point) => ({
      identifier: 'identifier' in point ? point.identifier : 0,
      clientX: point.clientX,
      clientY: point.clientY - above,
      pageX: point.clientX,
      pageY: point.clientY - above + (layerOf(event.target as Element)?.scroller.scrollTop ?? 0),
      force: 1,
    }))
  }
Object.defineProperty(glass.Event.prototype, 'touches', { get: touches('touches') })
Object.defineProperty(glass.Event.prototype, 'changedTouches', { get: touches('changedTouches') })

// In WeChat an id is an id; the framework would keep it to itself.
const id = Object.getOwnPropertyDescriptor(element, 'id')!
Object.defineProperty(element, 'id', {
  ...id,
  set(this: any, value: unknown) {
    id.set!.call(this, value)
    const drawn = this.getBackendElement()
    if (drawn) drawn.id = String(value)
  },
})
