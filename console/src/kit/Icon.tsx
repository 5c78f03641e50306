// A line icon of the mini-program, in the colour of the text beside it, which says the same.
import { direction } from '@mini/i18n/index'
import { iconStyle } from '@mini/ui/icons'

// `iconStyle` is written for WXML: one mask as two declarations.
const masks = new Map<string, string>()
function maskOf(name: string): string {
  const mask = masks.get(name) ?? /url\(".*?"\)/.exec(iconStyle(name))![0]
  masks.set(name, mask)
  return mask
}

export function Icon({ name }: { name: string }) {
  const mirrored = name === 'next' && direction() === 'rtl'
  return (
    <span
      className={mirrored ? 'icon mirrored' : 'icon'}
      style={{ maskImage: maskOf(name) }}
      aria-hidden="true"
    />
  )
}
