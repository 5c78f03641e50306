/** WXSS to CSS: inline imports, convert rpx, map tags and `page`, scope each page and component. */
import { readFileSync, existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import postcss from 'postcss'
import selectors from 'postcss-selector-parser'
import { BuildError } from './buildError.mjs'
import { TAGS } from './tags.mjs'
import { npm, ours } from './project.mjs'

/** The scope of a component's style: 'page', 'shared', or the prefix of its classes. */
export function scopeOf({ path, config, isPage }, names) {
  if (isPage) return 'page'
  if (config.styleIsolation === 'shared') return 'shared'
  return names.get(path)
}

/** One style sheet for the app, its pages and components. */
export function compile(project, names) {
  const parts = [existsSync(join(project.src, 'app.wxss')) ? sheet(project.src, 'app', 'shared') : '']
  for (const component of project.components.values()) {
    if (!existsSync(join(project.src, `${component.path}.wxss`))) continue
    parts.push(sheet(project.src, component.path, scopeOf(component, names)))
  }
  return parts.join('\n')
}

function sheet(src, path, scope) {
  const root = inlined(src, `${path}.wxss`, new Set())
  const seen = new WeakSet()
  root.walkDecls((declaration) => {
    declaration.value = units(declaration.value)
    const address = /url\(\s*['"]?([^'"#)][^'")]*)/.exec(
      declaration.value.replace(/url\((["']?)data:.*?\1\)/g, ''),
    )
    if (address)
      throw new BuildError(`${path}.wxss`, `url(${address[1]}): WXSS may only hold data: addresses`)
  })
  root.walkAtRules('media', (rule) => {
    rule.params = units(rule.params)
  })
  root.walkRules((rule) => {
    if (seen.has(rule) || (rule.parent.type === 'atrule' && /keyframes$/.test(rule.parent.name))) return
    seen.add(rule)
    rule.selector = selectors((list) => list.each((one) => placed(one, path, scope))).processSync(
      rule.selector,
    )
  })
  return root.toString()
}

function inlined(src, file, taken) {
  if (taken.has(file)) return postcss.root()
  taken.add(file)
  if (!existsSync(join(src, file))) throw new BuildError(file, 'no such style sheet')
  const root = postcss.parse(readFileSync(join(src, file), 'utf8'), { from: file })
  root.walkAtRules('import', (rule) => {
    const target = rule.params.replace(/^['"]|['"]$/g, '')
    const path = target.startsWith('/')
      ? target.slice(1)
      : (npm(target) ?? posix.join(posix.dirname(file), target))
    rule.replaceWith(inlined(src, posix.normalize(path), taken).nodes)
  })
  return root
}

/** 750 rpx are the width of the window; `vh` is a percentage of the height between the bars. */
export const units = (value) =>
  value
    .replace(/(-?\d*\.?\d+)rpx\b/g, (_, number) => `${+(number / 7.5).toFixed(5)}vw`)
    .replace(/(-?\d*\.?\d+)vh\b/g, (_, number) => `calc(${number} * var(--vh, 1vh))`)

function placed(one, path, scope) {
  const own = scope !== 'page' && scope !== 'shared'
  const inPage = scope === 'page'
  let isRoot = false
  one.walk((node) => {
    if (node.type === 'class' && own) node.value = `${scope}--${node.value}`
    if (node.type === 'pseudo' && node.value === ':host') {
      node.replaceWith(
        selectors.attribute({ attribute: 'wx-host', operator: '=', value: scope, quoteMark: '"' }),
      )
    }
    if (node.type !== 'tag') return
    if (node.value === 'page') {
      isRoot = true
      node.value = 'wx-page'
    } else if (TAGS[node.value]) {
      if (own && ours(path))
        throw new BuildError(`${path}.wxss`, `a component's style may only name classes, not <${node.value}>`)
      node.value = `wx-${node.value}`
    }
  })
  if (!inPage) return
  const here = `[is="${path}"]`
  if (isRoot)
    one.walkTags(
      (node) =>
        node.value === 'wx-page' && one.insertAfter(node, selectors.pseudo({ value: `:where(${here})` })),
    )
  else one.prepend(selectors.pseudo({ value: `:where(wx-page${here}) ` }))
}
