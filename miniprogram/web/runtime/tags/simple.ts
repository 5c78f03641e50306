/** Small tags. */
import { layerOf } from '../layers'
import { units } from '../units'
import { Tag } from './tag'

export class Text extends Tag {
  static override observedAttributes = [...Tag.observedAttributes, 'user-select']
  override changed(name: string, value: string | null): void {
    if (name === 'user-select') this.style.userSelect = value === null ? '' : 'text'
  }
}

/** <root-portal> takes its content out of the page's layout. Here it stays in place, on top. */
export class RootPortal extends Tag {}

/** <page-meta>: the style of the page. */
export class PageMeta extends Tag {
  static override observedAttributes = [
    ...Tag.observedAttributes,
    'page-style',
    'root-font-size',
    'background-color',
    'root-background-color',
  ]

  override connectedCallback(): void {
    for (const name of PageMeta.observedAttributes) this.changed(name, this.getAttribute(name))
  }

  override changed(name: string, value: string | null): void {
    const layer = layerOf(this)
    const page = this.closest<HTMLElement>('wx-page')
    if (!layer || !page) return
    if (name === 'page-style') {
      page.style.cssText = units(value ?? '')
      layer.scroller.style.overflowY = page.style.overflow === 'hidden' ? 'hidden' : ''
    }
    if (name === 'root-font-size') document.documentElement.style.fontSize = value ?? ''
    if (name.endsWith('background-color')) layer.scroller.style.background = value ?? ''
  }
}

const ALLOWED = new Set([
  'a',
  'b',
  'blockquote',
  'br',
  'div',
  'em',
  'h1',
  'h2',
  'h3',
  'h4',
  'hr',
  'i',
  'li',
  'ol',
  'p',
  'span',
  'strong',
  'u',
  'ul',
])

/** <rich-text>: text and some safe elements, with no attributes but class and style. */
export class RichText extends Tag {
  static override observedAttributes = [...Tag.observedAttributes, 'nodes']
  override changed(name: string, value: string | null): void {
    if (name === 'nodes') this.replaceChildren(...parsed(value ?? ''))
  }
}

function parsed(text: string): Node[] {
  const read = new DOMParser().parseFromString(text, 'text/html').body
  return [...read.childNodes].map(clean)
}

function clean(node: ChildNode): Node {
  if (!(node instanceof HTMLElement)) return document.createTextNode(node.textContent ?? '')
  const copy = ALLOWED.has(node.localName)
    ? document.createElement(node.localName)
    : document.createElement('span')
  copy.append(...[...node.childNodes].map(clean))
  return copy
}
