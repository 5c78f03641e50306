/** Build the mini-program for the browser: `node web/build.mjs [--src DIR] [--out DIR] [--force]`. */
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'

const WEB = dirname(fileURLToPath(import.meta.url))
const { values: options } = parseArgs({
  options: {
    src: { type: 'string' },
    out: { type: 'string' },
    force: { type: 'boolean' },
    watch: { type: 'boolean' },
  },
})
const SRC = resolve(options.src ?? join(WEB, '../src'))
const OUT = resolve(options.out ?? join(WEB, 'dist'))
const ASSETS = new Set(['.png', '.jpg', '.jpeg', '.gif', '.svg', '.webp'])

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(path)
    else yield path
  }
}

/** A hash of all inputs of a build. */
function fingerprint() {
  const hash = createHash('sha256')
  const files = [SRC, join(WEB, 'build'), join(WEB, 'runtime'), join(WEB, 'page')].flatMap((folder) => [
    ...walk(folder),
  ])
  for (const file of [...files, join(WEB, 'build.mjs'), join(WEB, '../package-lock.json')].sort()) {
    if (!file.includes('/miniprogram_npm/')) hash.update(relative(WEB, file)).update(readFileSync(file))
  }
  return hash.digest('hex')
}

async function build() {
  const { copy } = await import('./build/components.mjs')
  const { read } = await import('./build/project.mjs')
  const wxml = await import('./build/wxml.mjs')
  const wxss = await import('./build/wxss.mjs')
  const scripts = await import('./build/scripts.mjs')
  const esbuild = await import('esbuild')

  copy(SRC)
  const project = read(SRC)
  const names = new Map([...project.components.keys()].map((path, index) => [path, `c${index}`]))
  wxml.checkAll(project)
  const manifest = describe(project, names, wxss.scopeOf)
  const templates = `export default ${wxml.compile(project)}`
  const { outputFiles, metafile } = await scripts.bundle(project, { templates, manifest })
  await scripts.checkCalls(project, metafile)
  const style = await esbuild.transform(
    readFileSync(join(WEB, 'runtime/style.css'), 'utf8') + wxss.compile(project, names),
    {
      loader: 'css',
      minify: true,
    },
  )
  write(project, outputFiles, style.code)
}

function describe({ src, app, pages, components }, names, scopeOf) {
  const described = [...components.values()].map((each) => ({
    path: each.path,
    config: {
      ...each.config,
      usingComponents: Object.fromEntries(Object.entries(each.using).map(([tag, to]) => [tag, `/${to}`])),
    },
    scope: scopeOf(each, names),
  }))
  const theme = app.themeLocation ? JSON.parse(readFileSync(join(src, app.themeLocation), 'utf8')) : {}
  return { app, theme, pages, components: described }
}

function write({ src }, outputFiles, css) {
  const fresh = `${OUT}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  const file = (name) => outputFiles.find(({ path }) => path.endsWith(name))
  const js = file('app.js').text.replace(/\/\/# sourceMappingURL=.*/, '')
  const named = { js: put(fresh, 'app', '.js', js), css: put(fresh, 'app', '.css', css) }
  writeFileSync(join(fresh, `${named.js}.map`), file('app.js.map').contents)
  for (const path of walk(src)) {
    if (ASSETS.has(extname(path)) && !path.includes('/miniprogram_npm/'))
      cpSync(path, join(fresh, relative(src, path)))
  }
  for (const path of walk(join(WEB, 'page'))) {
    const text = readFileSync(path, 'utf8').replace(/app\.(js|css)/g, (_, kind) => named[kind])
    writeFileSync(join(fresh, basename(path)), text)
  }
  writeFileSync(join(fresh, '.stamp'), fingerprint())
  rmSync(OUT, { recursive: true, force: true })
  renameSync(fresh, OUT)
}

function put(folder, name, suffix, text) {
  const named = `${name}.${createHash('sha256').update(text).digest('hex').slice(0, 10)}${suffix}`
  writeFileSync(join(folder, named), text)
  writeFileSync(join(folder, `${named}.gz`), gzipSync(text, { level: 9 }))
  return named
}

let failed = ''
async function main() {
  const stamp = join(OUT, '.stamp')
  if (!options.force && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()) return
  if (options.watch && failed === fingerprint()) return
  failed = fingerprint()
  const began = Date.now()
  await build()
  console.log(`mini-program built for the browser in ${((Date.now() - began) / 1000).toFixed(1)} s`)
}

/** Build now, and again on every change. */
async function watchAll() {
  for (;;) {
    await main().catch(report)
    await new Promise((resolve) => setTimeout(resolve, 400))
  }
}

function report(error) {
  const lines = error.errors?.map(
    ({ text, location }) => `${location ? `${location.file}:${location.line}: ` : ''}${text}`,
  )
  console.error(lines?.join('\n') ?? (error.name === 'Error' ? error.message : error.stack))
  process.exitCode = 1
}

await (options.watch ? watchAll() : main().catch(report))
