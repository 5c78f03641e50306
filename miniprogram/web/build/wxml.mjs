/** WXML: find the elements, check them, compile them with glass-easel's template compiler. */
import compiler from 'glass-easel-template-compiler'
import { at, BuildError } from './buildError.mjs'
import { ours } from './project.mjs'
import { EVERYWHERE, TAGS, TAPPED_ROLES, TAPPED_TAGS, TEMPLATE_TAGS } from './tags.mjs'

const ELEMENT =
  /<!--[\s\S]*?-->|<(wxs)\b((?:"[^"]*"|'[^']*'|[^>"'])*?)(?<!\/)>[\s\S]*?<\/wxs>|<([a-zA-Z][\w-]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/g
const ATTRIBUTE = /([^\s=/>"']+)(?:\s*=\s*("[^"]*"|'[^']*'))?/g
const EVENT = /^(capture-)?(mut-)?(bind|catch):?(?=[a-z])/
const TAP = /^(capture-)?(mut-)?(bind|catch):?tap$/
const PLAIN_EVENT = /^((?:capture-)?(?:mut-)?(?:bind|catch))(?=[a-z])/

/** Every opening tag: `{ tag, attributes: [{ name, value, at }], at }`. */
export function elements(text) {
  return [...text.matchAll(ELEMENT)].flatMap((found) => {
    const tag = found[1] ?? found[3]
    if (!tag) return []
    const inside = found[2] ?? found[4]
    const start = found.index + 1 + tag.length
    const attributes = [...inside.matchAll(ATTRIBUTE)].map((each) => ({
      name: each[1],
      value: each[2]?.slice(1, -1),
      at: start + each.index,
    }))
    return [{ tag, attributes, at: found.index }]
  })
}

export const attributesOf = (element) =>
  Object.fromEntries(element.attributes.map(({ name, value }) => [name, value]))

/** Refuse tags, attributes and events that the harness does not have. `using` has the component's own tags. */
export function check(template, using) {
  const file = `${template.path}.wxml`
  for (const { tag, attributes, at: offset } of template.elements) {
    const where = at(file, template.text, offset)
    if (TEMPLATE_TAGS.has(tag)) continue
    if (tag in using) {
      if (TAGS[tag])
        throw new BuildError(where, `<${tag}> is WeChat's own tag; give the component another name`)
      continue
    }
    const supported = TAGS[tag]
    if (!supported)
      throw new BuildError(where, `unknown tag <${tag}>: not in usingComponents, and the harness has none`)
    for (const { name } of attributes) {
      if (!allowed(supported, name)) throw new BuildError(where, `<${tag}> has no attribute ${name}`)
    }
    checkRole(tag, attributes, where)
  }
}

/** Whoever does not see or touch the screen learns by its role that something can be tapped. */
function checkRole(tag, attributes, where) {
  if (TAPPED_TAGS.has(tag) || !attributes.some(({ name }) => TAP.test(name))) return
  const role = attributes.find(({ name }) => name === 'aria-role')?.value ?? ''
  if (!TAPPED_ROLES.has(role) && !role.includes('{{'))
    throw new BuildError(
      where,
      `<${tag}> is tapped: its aria-role has to be one of ${[...TAPPED_ROLES].join(', ')}`,
    )
}

function allowed(supported, name) {
  if (/^(wx:|data-|aria-|mark:|change:|slot:)/.test(name)) return true
  const event = EVENT.exec(name)
  if (event)
    return (
      EVERYWHERE.events.has(name.slice(event[0].length)) || supported.events.has(name.slice(event[0].length))
    )
  const plain = name.replace(/^model:/, '')
  return EVERYWHERE.attributes.has(plain) || supported.attributes.has(plain)
}

/** Compile all templates: JavaScript whose value maps path → template. */
export function compile(project) {
  const group = new compiler.TmplGroup()
  group.setExtraRuntimeScript('var getRegExp=(p,f)=>new RegExp(p,f),getDate=(...a)=>new Date(...a);')
  for (const [path, text] of project.scripts) group.addScript(path, wxs(text))
  for (const template of project.templates.values()) {
    for (const { tag } of template.elements) {
      if (/[A-Z]/.test(tag)) throw new BuildError(`${template.path}.wxml`, `<${tag}>: tags are lower case`)
    }
    for (const { message, startLine } of group.addTmpl(template.path, withColons(template))) {
      throw new BuildError(`${template.path}.wxml:${startLine + 1}`, message) // a warning, too, fails the build
    }
  }
  const code = group.getTmplGenObjectGroups()
  group.free()
  return code
}

/** Rewrite `bindtap` to `bind:tap`: the compiler knows only the second form. */
function withColons({ text, elements }) {
  let done = ''
  let from = 0
  for (const { attributes } of elements) {
    for (const { name, at: offset } of attributes) {
      const found = PLAIN_EVENT.exec(name)
      if (!found) continue
      done += `${text.slice(from, offset)}${found[1]}:`
      from = offset + found[1].length
    }
  }
  return done + text.slice(from)
}

/** Adapt WXS: a constructor is its name in WeChat, and modules are required with their suffix. */
const wxs = (text) =>
  text
    .replace(/(?<=[\w\])])\.constructor\b/g, '.constructor.name')
    .replace(/require\(\s*(['"])([^'"]+)\.wxs\1\s*\)/g, "require('$2')")

/** Check our own templates, each with the tags of every component that imports it. */
export function checkAll({ components, templates }) {
  for (const { path, using } of components.values()) {
    const visited = new Set()
    const visit = (name) => {
      if (visited.has(name) || !ours(name)) return
      visited.add(name)
      check(templates.get(name), using)
      templates.get(name).imports.forEach(visit)
    }
    visit(path)
  }
}
