/** What WeChat lays over a program: toast, loading, question, choice, photos. */
const make = <K extends keyof HTMLElementTagNameMap>(tag: K, name = '', text = ''): HTMLElementTagNameMap[K] => {
  const element = document.createElement(tag)
  element.className = name
  element.textContent = text
  return element
}

const holder = (...names: string[]): HTMLElement => {
  const over = make('div', ['harness-over', ...names].join(' '))
  document.body.append(over)
  return over
}

let said: HTMLElement | undefined
let timer: ReturnType<typeof setTimeout> | undefined
const SIGNS: Record<string, string> = { success: '✓', error: '!', fail: '!' }

/** Say something for a moment, or (`turning`) until hushed. */
export function say(text: string, { icon = '', mask = false, duration = 1500, turning = false } = {}): void {
  hush()
  said = holder(...(mask ? [] : ['passes']))
  const box = make('div', 'harness-toast')
  box.setAttribute('role', 'status')
  if (turning) box.append(make('div', 'turning'))
  else if (SIGNS[icon]) box.append(make('span', 'sign', SIGNS[icon]))
  box.append(text)
  said.append(box)
  if (!turning) timer = setTimeout(hush, duration)
}

export function hush(): void {
  clearTimeout(timer)
  said?.remove()
  said = undefined
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

/** Ask; resolves to whether it was confirmed, and what was typed. */
export function ask(question: Question): Promise<{ confirm: boolean; content: string }> {
  const over = holder('dim')
  const card = make('div', 'harness-card')
  card.setAttribute('role', 'dialog')
  if (question.title) card.append(make('h2', '', question.title))
  const input = make('input')
  input.placeholder = question.placeholderText ?? ''
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
      resolve({ confirm: confirmed, content: input.value })
    }
    cancel.addEventListener('click', () => end(false))
    confirm.addEventListener('click', () => end(true))
    input.addEventListener('keydown', (event) => event.key === 'Enter' && !event.isComposing && end(true))
  })
}

const GHOST = 400 // milliseconds until a finger's tap has become its click

/** Let one of several be chosen; resolves to its index, or null. */
export function sheet(title: string, items: string[], color = ''): Promise<number | null> {
  const over = holder('dim')
  const box = make('div', 'harness-sheet')
  box.setAttribute('role', 'dialog')
  if (title) box.append(make('div', 'title', title))
  return new Promise((resolve) => {
    const end = (index: number | null) => {
      over.remove()
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
    const opened = performance.now() // the tap that opened it clicks, too
    over.addEventListener('click', (event) => event.target === over && performance.now() - opened > GHOST && end(null))
    box.append(cancel)
    over.append(box)
  })
}

/** Show photos full-screen, one after another; a tap ends it. */
export function photos(addresses: string[], from: number): void {
  const over = holder('harness-photos')
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
