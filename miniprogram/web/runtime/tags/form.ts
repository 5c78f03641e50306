/** <form> collects the values of its inputs; <label> forwards a tap. */
import { Tag } from './tag'

export class Form extends Tag {
  ask(type: string): void {
    const inputs = [...this.querySelectorAll<HTMLInputElement>('wx-input > input, wx-textarea > textarea')]
    if (type === 'reset') {
      for (const input of inputs) input.value = ''
      this.tell('reset')
      return
    }
    const named = inputs.map((input) => [input.parentElement!.getAttribute('name'), input.value] as const)
    this.tell('submit', { value: Object.fromEntries(named.filter(([name]) => name)) })
  }
}

export class Label extends Tag {
  constructor() {
    super()
    this.addEventListener('click', (event) => {
      if ((event.target as Element).closest('wx-input, wx-textarea')) return
      this.querySelector<HTMLElement>('wx-input > input, wx-textarea > textarea')?.focus()
    })
  }
}
