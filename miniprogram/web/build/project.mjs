/** The mini-program as a graph: app.json → pages → usingComponents → import, include, wxs. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { BuildError } from './buildError.mjs'
import { attributesOf, elements } from './wxml.mjs'

export const NPM = 'miniprogram_npm'
const PACKAGES = ['tdesign-miniprogram']

/** Read `src` to `{ src, app, pages, components, templates, scripts }`; paths have no suffix. */
export function read(src) {
  const app = json(src, 'app')
  const roots = app.subPackages ?? app.subpackages ?? []
  const pages = [
    ...app.pages,
    ...roots.flatMap(({ root, pages }) => pages.map((page) => posix.join(root, page))),
  ]
  const project = { src, app, pages, components: new Map(), templates: new Map(), scripts: new Map() }
  for (const page of pages) component(project, page, 'app.json')
  for (const target of Object.values(app.usingComponents ?? {}))
    component(project, resolve(src, 'app', target), 'app.json')
  if (app.tabBar?.custom) component(project, 'custom-tab-bar/index', 'app.json')
  return project
}

/** Whether `path` is our own, not from npm. */
export const ours = (path) => !path.startsWith(`${NPM}/`)

/** Resolve `target` in the file `from` to a path from the root, without suffix. */
export function resolve(src, from, target) {
  if (target.startsWith('/')) return target.slice(1)
  const near = posix.normalize(posix.join(posix.dirname(from), target))
  if (target.startsWith('.') || existsSync(join(src, `${near}.json`))) return near
  return npm(target) ?? near
}

/** Return the path of an npm package's file in the mini-program, or null. */
export const npm = (target) => (PACKAGES.includes(target.split('/')[0]) ? `${NPM}/${target}` : null)

function component(project, path, by) {
  if (project.components.has(path)) return
  const { src } = project
  if (!existsSync(join(src, `${path}.wxml`))) throw new BuildError(by, `no such page or component: ${path}`)
  const config = existsSync(join(src, `${path}.json`)) ? json(src, path) : {}
  const using = {}
  project.components.set(path, { path, config, using, isPage: project.pages.includes(path) })
  for (const [tag, target] of Object.entries(config.usingComponents ?? {}))
    using[tag] = resolve(src, path, target)
  for (const [tag, target] of Object.entries(project.app.usingComponents ?? {}))
    using[tag] ??= resolve(src, 'app', target)
  template(project, path)
  for (const target of Object.values(using)) component(project, target, `${path}.json`)
}

function template(project, path) {
  if (project.templates.has(path)) return
  const file = `${path}.wxml`
  const text = file_(project.src, file)
  const found = { path, text, elements: elements(text, file), imports: [], wxs: [] }
  project.templates.set(path, found)
  for (const element of found.elements) {
    const { src } = attributesOf(element)
    if (!src || !['import', 'include', 'wxs'].includes(element.tag)) continue
    const target = posix
      .normalize(src.startsWith('/') ? src.slice(1) : posix.join(dirname(path), src))
      .replace(/\.(wxml|wxs)$/, '')
    if (element.tag === 'wxs') {
      found.wxs.push(target)
      script(project, target)
    } else {
      found.imports.push(target)
      template(project, target)
    }
  }
}

function script(project, path) {
  if (project.scripts.has(path)) return
  const text = file_(project.src, `${path}.wxs`)
  project.scripts.set(path, text)
  for (const [, target] of text.matchAll(/require\(\s*['"]([^'"]+)['"]\s*\)/g)) {
    script(project, posix.normalize(posix.join(dirname(path), target)).replace(/\.wxs$/, ''))
  }
}

function file_(src, file) {
  if (!existsSync(join(src, file))) throw new BuildError(file, 'no such file')
  return readFileSync(join(src, file), 'utf8')
}

function json(src, path) {
  try {
    return JSON.parse(readFileSync(join(src, `${path}.json`), 'utf8'))
  } catch (error) {
    throw new BuildError(`${path}.json`, error.message)
  }
}
