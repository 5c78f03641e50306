/** A Prettier plugin for WXML. It breaks lines inside tags and between elements, and never changes a text. */
import { doc } from 'prettier'

const { group, hardline, indent, join, line, softline, literalline } = doc.builders

const TOKEN =
  /<!--[\s\S]*?-->|<(wxs)\b(?:"[^"]*"|'[^']*'|[^>"'])*?(?<!\/)>[\s\S]*?<\/wxs>|<\/([\w-]+)\s*>|<([a-zA-Z][\w-]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>|(?:\{\{[\s\S]*?\}\}|[^<]|<(?![a-zA-Z/!]))+/g
const ATTRIBUTE = /([^\s=/>"']+)(?:\s*=\s*("[^"]*"|'[^']*'))?/g

/** Parse a template to `{ tag, attributes, children, closed }`, `{ text }` and `{ raw }` nodes. */
function parse(source) {
  const root = { tag: '', attributes: [], children: [], start: 0, end: source.length }
  const open = [root]
  let at = 0
  for (const token of source.matchAll(TOKEN)) {
    if (token.index !== at) throw new SyntaxError(`unexpected ${JSON.stringify(source.slice(at, at + 20))}`)
    at += token[0].length
    const place = { start: token.index, end: at }
    const [whole, script, closing, tag, inside] = token
    const parent = open[open.length - 1]
    if (closing) {
      if (parent.tag !== closing) throw new SyntaxError(`</${closing}> does not close <${parent.tag}>`)
      open.pop()
    } else if (tag) {
      const attributes = [...inside.matchAll(ATTRIBUTE)].map(([, name, value]) =>
        value ? `${name}=${value}` : name,
      )
      const element = { ...place, tag, attributes, children: [], closed: inside.endsWith('/') }
      parent.children.push(element)
      if (!element.closed) open.push(element)
    } else {
      parent.children.push({ ...place, [script || whole.startsWith('<!--') ? 'raw' : 'text']: whole })
    }
  }
  if (open.length > 1) throw new SyntaxError(`<${open[open.length - 1].tag}> is not closed`)
  return root
}

const isBlank = (node) => node.text !== undefined && !node.text.trim()
const hasText = (node) =>
  node.tag === 'text' || node.children.some((child) => child.text !== undefined && !isBlank(child))
const verbatim = (text) => join(literalline, text.split('\n'))

function openingTag({ tag, attributes, closed }) {
  if (!attributes.length) return closed ? `<${tag} />` : `<${tag}>`
  const inside = [tag, indent([line, join(line, attributes)])]
  return closed ? ['<', ...inside, line, '/>'] : ['<', ...inside, softline, '>']
}

/** Print children that hold no text, each on a line of its own; one empty line between them stays. */
function lines(path, print) {
  const printed = []
  let emptyLine = false
  path.each((child) => {
    if (isBlank(child.node)) {
      emptyLine = child.node.text.split('\n').length > 2
      return
    }
    if (printed.length) printed.push(emptyLine ? [hardline, hardline] : hardline)
    printed.push(print())
    emptyLine = false
  }, 'children')
  return printed
}

function print(path, _options, print) {
  const { node } = path
  if (node.tag === undefined) return verbatim(node.text ?? node.raw)
  if (!node.tag) return hasText(node) ? path.map(print, 'children') : [lines(path, print), hardline]
  const opening = openingTag(node)
  if (node.closed) return group(opening)
  if (hasText(node)) return group([opening, path.map(print, 'children'), `</${node.tag}>`])
  const children = lines(path, print)
  if (!children.length) return group([opening, `</${node.tag}>`])
  const separator = children.length > 1 ? hardline : softline
  return group([group(opening), indent([separator, children]), separator, `</${node.tag}>`])
}

export const languages = [{ name: 'WXML', parsers: ['wxml'], extensions: ['.wxml'] }]
export const parsers = {
  wxml: { parse, astFormat: 'wxml', locStart: (node) => node.start, locEnd: (node) => node.end },
}
export const printers = { wxml: { print } }
