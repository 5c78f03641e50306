/** Whether the program's code runs straight from a tap: what WeChat asks for then is refused later. */
let depth = 0

export const isTapping = (): boolean => depth > 0

export function asTap(handle: () => void): void {
  depth += 1
  try {
    handle()
  } finally {
    depth -= 1
  }
}
