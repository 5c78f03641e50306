/** The DOM backend of glass-easel: our custom elements for WeChat's tags, with events as WeChat has them. */
import { CurrentWindowBackendContext, Event as ElementEvent } from 'glass-easel'
import { setAria } from './aria'
import { isBuiltin } from './tags'
import { asTap } from './tap'
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
    self._$getEventDetail = (event: Event) =>
      event instanceof CustomEvent ? event.detail : event instanceof UIEvent ? {} : detailOf.call(self, event)
    const trigger = self._$trigger
    self._$trigger = (event: Event, type: string, ...rest: unknown[]) => {
      const target = event.target as HTMLElement
      if (type === 'tap' && target.closest('wx-button[disabled]')) return
      const ours = target.localName?.startsWith('wx-') || target.closest('wx-input, wx-textarea, wx-image')
      if (
        ours &&
        !(event instanceof CustomEvent) &&
        !OF_THE_FRAMEWORK.test(type) &&
        type !== 'tap' &&
        type !== 'canceltap'
      )
        return
      if (type === 'tap') asTap(() => trigger.call(self, event, type, ...rest))
      else trigger.call(self, event, type, ...rest)
    }
    this.onEvent((target, type, detail, options) => {
      const told = new ElementEvent(type, detail, options)
      ElementEvent.dispatchEvent(target, told)
      return told.getEventBubbleStatus()
    })
  }

  override setModelBindingStat(
    element: any,
    name: string,
    listener: ((value: unknown) => void) | null,
  ): void {
    element.model ??= {}
    if (!(name in element.model) && name === 'value') {
      element.addEventListener('input', (event: Event) => {
        if (event instanceof CustomEvent) element.model[name]?.(event.detail.value)
      })
    }
    element.model[name] = listener
  }
}

/**
 * Set inline styles through the CSSOM, as the content security policy requires, with rpx converted; and
 * WeChat's accessibility attributes as a browser has them.
 */
function watched(element: HTMLElement): HTMLElement {
  const set = element.setAttribute
  element.setAttribute = (name, value) => {
    if (name === 'style') element.style.cssText = units(value)
    else if (name.startsWith('aria-')) setAria(element, name, value)
    else set.call(element, name, value)
  }
  return element
}
