/** What WeChat will weigh: the main package at most 500 KB, every package at most 2 MB; as compiled and packed. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, extname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'

const SRC = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../src'))
const MAIN = 500 * 1024
const ANY = 2 * 1024 * 1024
const LEFT_OUT = /\.(md|d\.ts|map)$/ // project.config.json: packOptions

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(path)
    else if (!LEFT_OUT.test(path)) yield path
  }
}

/** TypeScript becomes a script on the way; the rest goes as it is. */
const weight = (path) =>
  extname(path) === '.ts' ? Buffer.byteLength(transformSync(readFileSync(path, 'utf8'), { loader: 'ts', target: 'es2017' }).code) : statSync(path).size

const app = JSON.parse(readFileSync(join(SRC, 'app.json'), 'utf8'))
const roots = (app.subPackages ?? app.subpackages ?? []).map(({ root }) => root.replace(/^\/|\/$/g, ''))
const weights = new Map([['main', 0], ...roots.map((root) => [root, 0])])
for (const path of walk(SRC)) {
  const home = roots.find((root) => relative(SRC, path).startsWith(`${root}/`)) ?? 'main'
  weights.set(home, weights.get(home) + weight(path))
}
let tooHeavy = false
for (const [name, bytes] of weights) {
  const most = name === 'main' ? MAIN : ANY
  tooHeavy ||= bytes > most
  console.log(`package ${name}: ${(bytes / 1024).toFixed(0)} KB of at most ${most / 1024} KB`)
}
process.exit(tooHeavy ? 1 : 0)
