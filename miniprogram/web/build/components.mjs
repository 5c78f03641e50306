/** Copy the TDesign components in use to where WeChat DevTools looks for them. Runs after `npm ci`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sheet } from './icons.mjs'

const TOP = join(dirname(fileURLToPath(import.meta.url)), '../..')
const PACKAGE = 'tdesign-miniprogram'
const FROM = join(TOP, 'node_modules', PACKAGE, 'miniprogram_dist')
const SUFFIXES = ['.json', '.js', '.wxml', '.wxss', '.wxs']

/** Fill `src/miniprogram_npm`. Unchanged files are not written again. */
export function copy(src) {
  const files = new Map()
  const own = [...walk(src)].filter((file) => /\.(json|ts|wxml|wxss)$/.test(file))
  const texts = own.map((file) => readFileSync(join(src, file), 'utf8'))
  for (const text of texts)
    for (const [, target] of text.matchAll(new RegExp(`['"]${PACKAGE}/([\\w./-]+)['"]`, 'g')))
      take(target, files)
  for (const [file, text] of files)
    if (file.endsWith('icon/icon.wxss')) files.set(file, sheet(text, [...texts, ...files.values()]))
  const to = join(src, 'miniprogram_npm', PACKAGE)
  for (const old of existsSync(to) ? walk(to) : []) if (!files.has(old)) rmSync(join(to, old))
  for (const [file, text] of files) put(join(to, file), text)
}

/** Take a component, or one of its files, with everything it imports. */
function take(target, files) {
  const names = SUFFIXES.some((suffix) => target.endsWith(suffix))
    ? [target]
    : SUFFIXES.map((suffix) => target + suffix)
  for (const name of names) {
    if (files.has(name) || !existsSync(join(FROM, name))) continue
    const text = readFileSync(join(FROM, name), 'utf8')
    files.set(name, text)
    for (const next of named(name, text)) take(next, files)
  }
}

function* named(file, text) {
  const near = (target) => posix.normalize(posix.join(posix.dirname(file), target))
  if (file.endsWith('.json'))
    for (const target of Object.values(JSON.parse(text).usingComponents ?? {})) yield near(target)
  if (file.endsWith('.wxml'))
    for (const [, target] of text.matchAll(/<(?:import|include|wxs)[^>]*\bsrc="([^"]+)"/g)) yield near(target)
  if (file.endsWith('.wxs'))
    for (const [, target] of text.matchAll(/require\(\s*['"]([^'"]+)['"]/g)) yield near(target)
  if (file.endsWith('.wxss'))
    for (const [, target] of text.matchAll(/@import\s*['"]([^'"]+)['"]/g)) yield near(target)
  if (!file.endsWith('.js')) return
  for (const [, target] of text.matchAll(/(?:from|import|require\()\s*["']([^"']+)["']/g)) {
    if (!target.startsWith('.')) yield `miniprogram_npm/${target}/index.js`
    else yield existsSync(join(FROM, `${near(target)}.js`)) ? `${near(target)}.js` : near(target)
  }
}

function* walk(folder, top = folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'miniprogram_npm' && folder === top) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(path, top)
    else yield relative(top, path)
  }
}

function put(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) copy(join(TOP, 'src'))
