/** Overlays: toast, loading, dialog, action sheet, photo preview. */
const make = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  name = '',
  text = '',
): HTMLElementTagNameMap[K] => {
  const element = document.createElement(tag)
  element.className = name
  element.textContent = text
  return element
}

const overlay = (...names: string[]): HTMLElement => {
  const over = make('div', ['harness-over', ...names].join(' '))
  document.body.append(over)
  return over
}

let toast: HTMLElement | undefined
let timer: ReturnType<typeof setTimeout> | undefined
const TOAST_ICONS: Record<string, string> = { success: '✓', error: '!', fail: '!' }

/** Show a toast for a moment, or with a spinner (`turning`) until it is hidden. */
export function showToast(
  text: string,
  { icon = '', mask = false, duration = 1500, turning = false } = {},
): void {
  hideToast()
  toast = overlay(...(mask ? [] : ['passes']))
  const box = make('div', 'harness-toast')
  box.setAttribute('role', 'status')
  if (turning) box.append(make('div', 'turning'))
  else if (TOAST_ICONS[icon]) box.append(make('span', 'sign', TOAST_ICONS[icon]))
  box.append(text)
  toast.append(box)
  if (!turning) timer = setTimeout(hideToast, duration)
}

export function hideToast(): void {
  clearTimeout(timer)
  toast?.remove()
  toast = undefined
}

export interface Question {
  title?: string
  content?: string
  showCancel?: boolean
  cancelText?: string
  confirmText?: string
  confirmColor?: string
  editable?: boolean
  placeholderText?: string
}

/** Show a dialog; resolves to whether it was confirmed, and the typed text. */
export function showQuestion(question: Question): Promise<{ confirm: boolean; content: string }> {
  const over = overlay('dim')
  const before = document.activeElement as HTMLElement | null
  const card = make('div', 'harness-card')
  card.role = 'dialog'
  card.ariaLabel = question.title || question.content || ''
  if (question.title) card.append(make('h2', '', question.title))
  const input = make('input')
  input.placeholder = question.placeholderText ?? ''
  input.ariaLabel = card.ariaLabel
  if (question.editable) {
    input.value = question.content ?? ''
    card.append(make('p'), input)
  } else card.append(make('p', '', question.content))
  const footer = make('footer')
  const cancel = make('button', '', question.cancelText ?? '取消')
  const confirm = make('button', '', question.confirmText ?? '确定')
  confirm.style.color = question.confirmColor ?? ''
  footer.append(...(question.showCancel === false ? [confirm] : [cancel, confirm]))
  card.append(footer)
  over.append(card)
  ;(question.editable ? input : confirm).focus()
  return new Promise((resolve) => {
    const end = (confirmed: boolean) => {
      over.remove()
      before?.focus()
      resolve({ confirm: confirmed, content: input.value })
    }
    cancel.addEventListener('click', () => end(false))
    confirm.addEventListener('click', () => end(true))
    input.addEventListener('keydown', (event) => event.key === 'Enter' && !event.isComposing && end(true))
  })
}

/** Ask for subscribe messages; resolves to the answer, and whether it is to be kept. */
export function askToSubscribe(templates: string[]): Promise<{ answer: 'accept' | 'reject'; keep: boolean }> {
  const over = overlay('dim')
  const card = make('div', 'harness-card')
  card.setAttribute('role', 'dialog')
  card.append(make('h2', '', '申请发送订阅消息（演示）'), ...templates.map((id) => make('p', '', id)))
  const keep = make('input')
  keep.type = 'checkbox'
  const label = make('label')
  label.append(keep, '总是保持以上选择，不再询问')
  const footer = make('footer')
  card.append(label, footer)
  over.append(card)
  return new Promise((resolve) => {
    for (const [answer, words] of [
      ['reject', '拒绝'],
      ['accept', '允许'],
    ] as const) {
      const button = make('button', '', words)
      button.addEventListener('click', () => {
        over.remove()
        resolve({ answer, keep: keep.checked })
      })
      footer.append(button)
    }
  })
}

/** Show an action sheet; resolves to the index of the choice, or null. */
export function chooseOne(title: string, items: string[], color = ''): Promise<number | null> {
  const over = overlay('dim')
  const before = document.activeElement as HTMLElement | null
  const box = make('div', 'harness-sheet')
  box.role = 'dialog'
  box.ariaLabel = title || '请选择'
  box.tabIndex = -1
  if (title) box.append(make('div', 'title', title))
  return new Promise((resolve) => {
    const end = (index: number | null) => {
      over.remove()
      before?.focus()
      resolve(index)
    }
    items.forEach((item, index) => {
      const button = make('button', '', item)
      button.style.color = color
      button.addEventListener('click', () => end(index))
      box.append(button)
    })
    const cancel = make('button', 'cancel', '取消')
    cancel.addEventListener('click', () => end(null))
    over.addEventListener('click', (event) => event.target === over && end(null))
    box.append(cancel)
    over.append(box)
    box.focus()
  })
}

/** Show photos in full screen; a tap closes them. */
export function showPhotos(addresses: string[], from: number): void {
  const over = overlay('harness-photos')
  let now = from
  const image = make('img')
  const draw = () => (image.src = addresses[now]!)
  over.addEventListener('click', () => over.remove())
  over.addEventListener('wheel', (event) => {
    now = Math.min(Math.max(now + Math.sign(event.deltaY), 0), addresses.length - 1)
    draw()
  })
  over.append(image)
  draw()
}
