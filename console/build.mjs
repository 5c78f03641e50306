/** Build the console: `node build.mjs [--watch | --check]`. `--check` writes nothing and fails when it is too large. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import * as esbuild from 'esbuild'

const TOP = dirname(fileURLToPath(import.meta.url))
const MINI = resolve(TOP, '../miniprogram/src')
const OUT = join(TOP, 'dist')
const ADDRESS = '/console/'
const ENTRY = 'src/main.tsx'
const FIRST_SCREEN = 'src/screens/tickets.tsx'
const MOST = 180 * 1024 // bytes of the first load, as gzip
const { values: options } = parseArgs({ options: { watch: { type: 'boolean' }, check: { type: 'boolean' } } })

/** What of the mini-program a browser has to do in its own way. Everything else is imported as it is. */
const REPLACED = new Map(
  ['config', 'files', 'http', 'storage', 'subscribe', 'upload'].map((name) => [
    join(MINI, 'platform', name),
    join(TOP, 'src/platform', `${name}.ts`),
  ]),
)
// Languages beside Chinese come when they are read (src/words/index.ts).
REPLACED.set(join(MINI, 'i18n/others'), join(TOP, 'src/words/others.ts'))

const platform = {
  name: 'platform',
  setup(build) {
    build.onResolve({ filter: /^(\.|@mini\/)/ }, ({ path, importer }) => {
      const full = path.startsWith('@mini/') ? join(MINI, path.slice(6)) : resolve(dirname(importer), path)
      return REPLACED.has(full) ? { path: REPLACED.get(full) } : undefined
    })
  },
}

/** React Aria's own words in the languages of the console; Kazakh gets the English ones. */
const LOCALES = /[\\/]intl[\\/].*[a-z]{2}-[A-Z]{2}\.m?js$/
const locales = {
  name: 'locales',
  setup(build) {
    build.onLoad({ filter: LOCALES }, ({ path }) =>
      /(en-US|zh-CN)\.m?js$/.test(path) ? undefined : { contents: 'export default {}', loader: 'js' },
    )
  },
}

const bundle = () =>
  esbuild.build({
    absWorkingDir: TOP,
    entryPoints: { main: ENTRY },
    outdir: 'dist',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    minify: true,
    metafile: true,
    write: false,
    jsx: 'automatic',
    loader: { '.wxss': 'css' },
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [platform, locales],
    logLevel: 'silent',
  })

/** The files that are loaded until the first list shows: the entry, its style sheet, the lists, all they import. */
function firstLoad({ metafile }) {
  const outputOf = (source) => Object.entries(metafile.outputs).find(([, each]) => each.entryPoint === source)
  const [entry, { cssBundle }] = outputOf(ENTRY)
  const found = new Set([entry, cssBundle, outputOf(FIRST_SCREEN)[0]])
  for (const name of found)
    for (const { path, kind } of metafile.outputs[name].imports)
      if (kind === 'import-statement') found.add(path)
  return { entry, css: cssBundle, files: [...found] }
}

function checkSize({ outputFiles }, { files }) {
  const sizeOf = (name) =>
    gzipSync(outputFiles.find(({ path }) => path.endsWith(name)).contents, { level: 9 }).length
  const size = files.map((name) => sizeOf(name)).reduce((sum, each) => sum + each, 0)
  console.log(`console, first load: ${(size / 1024).toFixed(1)} KB of at most ${MOST / 1024} KB`)
  if (size > MOST) process.exitCode = 1
}

function write({ outputFiles }, { entry, css }) {
  const fresh = `${OUT}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  for (const { path, contents } of outputFiles) {
    writeFileSync(join(fresh, basename(path)), contents)
    writeFileSync(join(fresh, `${basename(path)}.gz`), gzipSync(contents, { level: 9 }))
  }
  const page = readFileSync(join(TOP, 'src/index.html'), 'utf8')
    .replace('main.css', ADDRESS + basename(css))
    .replace('main.js', ADDRESS + basename(entry))
  writeFileSync(join(fresh, 'index.html'), page)
  writeFileSync(join(fresh, '.stamp'), fingerprint())
  rmSync(OUT, { recursive: true, force: true })
  renameSync(fresh, OUT)
}

/** A hash of all inputs of a build. */
function fingerprint() {
  const hash = createHash('sha256')
  const sources = [join(TOP, 'src'), MINI].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile() && /\.(tsx?|css|wxss|html)$/.test(each.name))
      .map((each) => join(each.parentPath ?? each.path, each.name)),
  )
  for (const file of [...sources, join(TOP, 'build.mjs'), join(TOP, 'package-lock.json')].sort())
    if (!file.includes('miniprogram_npm')) hash.update(relative(TOP, file)).update(readFileSync(file))
  return hash.digest('hex')
}

const isFresh = () =>
  existsSync(join(OUT, '.stamp')) && readFileSync(join(OUT, '.stamp'), 'utf8') === fingerprint()

async function main() {
  if (!options.check && isFresh()) return
  const began = Date.now()
  const result = await bundle()
  const first = firstLoad(result)
  if (options.check) return checkSize(result, first)
  write(result, first)
  console.log(`console built in ${((Date.now() - began) / 1000).toFixed(1)} s`)
}

function report(error) {
  const lines = error.errors?.map(
    ({ text, location }) => `${location ? `${location.file}:${location.line}: ` : ''}${text}`,
  )
  console.error(lines?.join('\n') ?? error.stack)
  process.exitCode = 1
}

do {
  await main().catch(report)
  if (options.watch) await new Promise((resolve) => setTimeout(resolve, 500))
} while (options.watch)
