/** What WeChat's components offer beyond the adapter: positions in the page, getTabBar, observers with margins. */
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
    const observer = observe.call(this, options)
    const { relativeTo, relativeToViewport } = Object.getPrototypeOf(observer)
    observer.relativeTo = (selector: string, margins?: object) =>
      relativeTo.call(observer, selector, whole(margins))
    observer.relativeToViewport = (margins?: object) => relativeToViewport.call(observer, whole(margins))
    return observer
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

// Positions are relative to the page, which starts below its navigation bar.
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

// A state is written out: the framework would leave out the attribute for false, and its value for true.
const STATE = /^aria-(checked|disabled|expanded|hidden|selected)$/
for (const { prototype } of [glass.Element, glass.NativeNode] as any[]) {
  if (!Object.hasOwn(prototype, 'setAttribute')) continue
  const set = prototype.setAttribute
  prototype.setAttribute = function (name: string, value: unknown) {
    set.call(this, name, STATE.test(name) && typeof value === 'boolean' ? String(value) : value)
  }
}

// WeChat sets an id in the DOM, too; the framework does not.
const id = Object.getOwnPropertyDescriptor(element, 'id')!
Object.defineProperty(element, 'id', {
  ...id,
  set(this: any, value: unknown) {
    id.set!.call(this, value)
    const drawn = this.getBackendElement()
    if (drawn) drawn.id = String(value)
  },
})
