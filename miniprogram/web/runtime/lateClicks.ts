/**
 * A tap is heard when the finger is lifted. The browser's own click comes after it, to whatever lies under the
 * finger by then: a dialog the tap has opened, a page it has gone to. WeChat has no such click, so it ends here.
 */
export function stopLateClicks(): void {
  let pressed: Node | null = null
  addEventListener('pointerdown', ({ target }) => (pressed = target as Node), true)
  for (const type of ['mousedown', 'click'] as const)
    addEventListener(
      type,
      (event) => {
        const byPointer = event.detail > 0 // a key's click, and one of a script, has no pointer
        if (!byPointer || !pressed || related(pressed, event.target as Node)) return
        event.preventDefault()
        event.stopImmediatePropagation()
      },
      true,
    )
}

const related = (one: Node, other: Node): boolean => one.contains(other) || other.contains(one)
