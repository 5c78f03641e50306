/** Check the size of each package: 500 KB for the main one (our limit), 2 MB for the others (WeChat's limit). */
import { Buffer } from 'node:buffer'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, extname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'

const SRC = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../src'))
const MAIN = 500 * 1024
const ANY = 2 * 1024 * 1024
const NOT_PACKED = /\.(md|d\.ts|map)$/ // project.config.json: packOptions

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(path)
    else if (!NOT_PACKED.test(path)) yield path
  }
}

/** The size of a file: TypeScript as compiled, its texts as UTF-8 (esbuild would escape them), everything else as it is. */
const sizeOf = (path) =>
  extname(path) === '.ts'
    ? Buffer.byteLength(
        transformSync(readFileSync(path, 'utf8'), { loader: 'ts', target: 'es2017', charset: 'utf8' }).code,
      )
    : statSync(path).size

const app = JSON.parse(readFileSync(join(SRC, 'app.json'), 'utf8'))
const roots = (app.subPackages ?? app.subpackages ?? []).map(({ root }) => root.replace(/^\/|\/$/g, ''))
const sizes = new Map([['main', 0], ...roots.map((root) => [root, 0])])
for (const path of walk(SRC)) {
  const home = roots.find((root) => relative(SRC, path).startsWith(`${root}/`)) ?? 'main'
  sizes.set(home, sizes.get(home) + sizeOf(path))
}
let tooLarge = false
for (const [name, bytes] of sizes) {
  const most = name === 'main' ? MAIN : ANY
  tooLarge ||= bytes > most
  console.log(`package ${name}: ${(bytes / 1024).toFixed(0)} KB of at most ${most / 1024} KB`)
}
process.exit(tooLarge ? 1 : 0)
