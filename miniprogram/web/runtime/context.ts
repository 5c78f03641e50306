/** The DOM as glass-easel sees it: our elements for WeChat's tags, their events told the way WeChat tells them. */
import { CurrentWindowBackendContext, Event as Told } from 'glass-easel'
import { isBuiltin } from './tags'
import { units } from './units'

const OF_THE_FRAMEWORK = /^(touch|mouse|click|transition|animation)/

export class Context extends CurrentWindowBackendContext {
  constructor() {
    super()
    const create = (tag: string) => document.createElement(isBuiltin(tag) ? `wx-${tag}` : tag)
    const self = this as any
    self.document = {
      createElement: (tag: string) => watched(create(tag)),
      createTextNode: (text: string) => document.createTextNode(text),
      createDocumentFragment: () => document.createDocumentFragment(),
    }
    const detailOf = self._$getEventDetail
    self._$getEventDetail = (event: Event) => (event instanceof CustomEvent ? event.detail : event instanceof UIEvent ? {} : detailOf.call(self, event))
    const trigger = self._$trigger
    self._$trigger = (event: Event, type: string, ...rest: unknown[]) => {
      const target = event.target as HTMLElement
      if (type === 'tap' && target.closest('wx-button[disabled]')) return
      const ours = target.localName?.startsWith('wx-') || target.closest('wx-input, wx-textarea, wx-image')
      if (ours && !(event instanceof CustomEvent) && !OF_THE_FRAMEWORK.test(type) && type !== 'tap' && type !== 'canceltap') return
      trigger.call(self, event, type, ...rest)
    }
    this.onEvent((target, type, detail, options) => {
      const told = new Told(type, detail, options)
      Told.dispatchEvent(target, told)
      return told.getEventBubbleStatus()
    })
  }

  override setModelBindingStat(element: any, name: string, listener: ((value: unknown) => void) | null): void {
    element.model ??= {}
    if (!(name in element.model) && name === 'value') {
      element.addEventListener('input', (event: Event) => {
        if (event instanceof CustomEvent) element.model[name]?.(event.detail.value)
      })
    }
    element.model[name] = listener
  }
}

/** Styles come as text; rpx in them mean nothing to a browser, and a strict policy lets only the CSSOM set them. */
function watched(element: HTMLElement): HTMLElement {
  const set = element.setAttribute
  element.setAttribute = (name, value) => {
    if (name === 'style') element.style.cssText = units(value)
    else set.call(element, name, value)
  }
  return element
}
