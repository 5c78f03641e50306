/**
 * Compile every WXML, WXS and WXSS with WeChat's own compilers, wcc and wcsc: `node web/wechat.mjs [source
 * folder]`.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { wechatPrograms } from './build/wechatPrograms.mjs'

const TOP = join(dirname(fileURLToPath(import.meta.url)), '..')
const SRC = resolve(process.argv[2] ?? join(TOP, 'src'))
const PACKAGE = dirname(createRequire(join(TOP, 'package.json')).resolve('miniprogram-compiler/package.json'))
const [programs, suffix] = wechatPrograms("WeChat's compilers")

const files = readdirSync(SRC, { recursive: true })
  .map((name) => name.replaceAll('\\', '/'))
  .sort()
const withSuffix = (suffix) => files.filter((name) => name.endsWith(suffix))
const configOf = (name) => join(SRC, name.replace(/\.\w+$/, '.json'))

const passed = [compileTemplates(), compileStyles()]
process.exit(passed.every(Boolean) ? 0 : 1)

/** wcc takes the tags of each template: the number of templates, then name, number of tags and tags. */
function compileTemplates() {
  const templates = withSuffix('.wxml')
  const tagLists = templates.flatMap((name) => {
    const tags = usingComponents(name)
    return tags.length ? [[name, tags.length, ...tags].join(' ')] : []
  })
  const components = [tagLists.length, ...tagLists].join(' ')
  const compiled = [...templates, ...withSuffix('.wxs')]
  return compile('wcc', compiled, ['-d', '-cc', components, ...compiled, '-gn', '$gwx'])
}

function usingComponents(name) {
  if (!existsSync(configOf(name))) return []
  return Object.keys(JSON.parse(readFileSync(configOf(name), 'utf8')).usingComponents ?? {})
}

/** wcsc takes the styles of pages and components first, then those that are only imported. */
function compileStyles() {
  const styles = withSuffix('.wxss')
  const roots = styles.filter((name) => name !== 'app.wxss' && existsSync(configOf(name)))
  const imported = styles.filter((name) => !roots.includes(name))
  return compile('wcsc', styles, ['-db', '-lc', '-pc', `${roots.length}`, ...roots, ...imported])
}

/** Run one compiler. Its output is not used; only its complaints count. */
function compile(name, compiled, options) {
  const program = join(PACKAGE, programs, name + suffix)
  chmodSync(program, 0o755) // npm installs the programs without execute permission
  const { status, stderr, error } = spawnSync(program, options, { cwd: SRC, maxBuffer: 1 << 28 })
  if (status === 0) console.log(`WeChat's ${name}: ${compiled.length} files compiled`)
  else console.error(`${name}: ${error?.message ?? stderr.toString().trim()}`)
  return status === 0
}
