/** Touch events from the mouse, for components that listen to touches only. */
export function mouseAsTouch(): void {
  if (typeof Touch !== 'function' || matchMedia('(pointer: coarse)').matches) return
  let pressed: EventTarget | null = null
  const tell = (type: string, event: MouseEvent): void => {
    const { clientX, clientY, pageX, pageY } = event
    const touch = new Touch({ identifier: 1, target: pressed!, clientX, clientY, pageX, pageY })
    const touches = type === 'touchend' ? [] : [touch]
    pressed!.dispatchEvent(
      new TouchEvent(type, {
        bubbles: true,
        cancelable: true,
        composed: true,
        touches,
        targetTouches: touches,
        changedTouches: [touch],
      }),
    )
  }
  addEventListener(
    'mousedown',
    (event) => {
      if (event.button !== 0) return
      pressed = event.target
      tell('touchstart', event)
    },
    true,
  )
  addEventListener('mousemove', (event) => pressed && tell('touchmove', event), true)
  addEventListener(
    'mouseup',
    (event) => {
      if (!pressed) return
      tell('touchend', event)
      pressed = null
    },
    true,
  )
}
