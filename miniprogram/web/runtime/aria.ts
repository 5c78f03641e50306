/**
 * WeChat's accessibility attributes in a browser: `aria-role` is a role, a heading has a level, and what is
 * tapped is reached by Tab and pressed with Enter or space.
 */

const TAPPED = new Set(['button', 'checkbox', 'link', 'menuitem', 'option', 'radio', 'switch', 'tab'])
const HEADING_LEVEL = '2' // the title in the navigation bar is the first
const FOCUSABLE = '[tabindex="0"], input:not([disabled]), textarea:not([disabled])'

/** Set an `aria-` attribute as the program wrote it; '' is an attribute without a value. */
export function setAria(element: HTMLElement, name: string, value: string): void {
  if (name === 'aria-role') setRole(element, value)
  else if (name === 'aria-label' && 'named' in element) (element.named as (label: string) => void)(value)
  else if (value === '') element.removeAttribute(name)
  else Element.prototype.setAttribute.call(element, name, value)
}

export function setRole(element: HTMLElement, role: string): void {
  element.role = role || null
  element.ariaLevel = role === 'heading' ? HEADING_LEVEL : null
  if (TAPPED.has(role)) element.tabIndex = 0
  else if (role === 'dialog') element.tabIndex = -1
  else element.removeAttribute('tabindex')
}

/** Enter and space tap, and Tab stays in the sheet that is open. */
export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement
    if (event.key === 'Tab') keepInDialog(event)
    else if ((event.key === 'Enter' || event.key === ' ') && TAPPED.has(target.role ?? '')) tap(target, event)
  })
}

function tap(target: HTMLElement, event: KeyboardEvent): void {
  event.preventDefault()
  if (event.repeat) return
  const { left, top, width, height } = target.getBoundingClientRect()
  const at = { bubbles: true, composed: true, clientX: left + width / 2, clientY: top + height / 2 }
  for (const type of ['mousedown', 'mouseup', 'click']) target.dispatchEvent(new MouseEvent(type, at))
}

const isShown = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true })
const openDialog = (): Element | undefined =>
  [...document.querySelectorAll('[role=dialog]')].filter(isShown).at(-1)

function keepInDialog(event: KeyboardEvent): void {
  const dialog = openDialog()
  if (!dialog) return
  const inside = [...dialog.querySelectorAll<HTMLElement>(`${FOCUSABLE}, button`)].filter(isShown)
  const [first, last] = [inside[0], inside.at(-1)]
  const now = document.activeElement
  const leaving = now === (event.shiftKey ? first : last) || !dialog.contains(now)
  if (!leaving && !(event.shiftKey && now === dialog)) return
  event.preventDefault()
  ;(event.shiftKey ? last : first)?.focus()
}

const openers = new WeakMap<Element, HTMLElement>()

/** A sheet opens: it takes the focus, unless something inside has it already. */
export function enterDialog(dialog: HTMLElement): void {
  const before = document.activeElement as HTMLElement | null
  if (!before || dialog.contains(before)) return
  openers.set(dialog, before)
  dialog.focus({ preventScroll: true })
}

/** A sheet is gone: what opened it has the focus again. */
export function leaveDialog(dialog: HTMLElement): void {
  const opener = openers.get(dialog)
  if (opener?.isConnected && (!document.activeElement || document.activeElement === document.body))
    opener.focus({ preventScroll: true })
}
