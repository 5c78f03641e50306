/** TDesign's icons as images in the style sheet, in place of its font, which is loaded from a foreign address. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const DRAWINGS = join(dirname(fileURLToPath(import.meta.url)), '../../node_modules/tdesign-icons-svg/src')
const FONT = /@font-face\s*\{[^}]*\}/g
const TAG = /<t-icon\b[^>]*>/g
const GLYPH = /\.t-icon-[\w-]+:+before\s*\{[^}]*\}/g

/** Return icon.wxss with the icons that the tags `<t-icon>` in `texts` name. */
export function sheet(wxss, texts) {
  const names = new Set(texts.flatMap((text) => text.match(TAG) ?? []).flatMap(quoted))
  const rules = [...names].filter(drawn).sort().map(rule)
  return [
    wxss.replace(FONT, '').replace(GLYPH, '').replace('font-family:t!important;', '').trim(),
    BOX,
    ...rules,
  ].join('\n')
}

const BOX =
  '.t-icon-base::before{content:"";display:inline-block;width:1em;height:1em;vertical-align:top;background:currentColor;' +
  '-webkit-mask:var(--icon) center/contain no-repeat;mask:var(--icon) center/contain no-repeat;}'

const quoted = (text) => [...text.matchAll(/['"]([a-z][a-z0-9-]{1,40})['"]/g)].map((found) => found[1])
const drawn = (name) => existsSync(join(DRAWINGS, `${name}.svg`))

function rule(name) {
  const svg = readFileSync(join(DRAWINGS, `${name}.svg`), 'utf8')
    .replace('view-box=', 'viewBox=')
    .replace(/ (class|id|width|height)="[^"]*"/g, '')
    .replace(/\s+/g, ' ')
    .replace(/"/g, "'")
    .replace(/> </g, '><')
    .trim()
  const address = `data:image/svg+xml,${svg.replace(/[%#<>{}]/g, encodeURIComponent)}`
  return `.t-icon-${name}{--icon:url("${address}")}`
}
