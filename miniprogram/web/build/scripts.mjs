/** Bundle everything into one script: the runtime, the templates, the app, then every page and component. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { at, BuildError } from './buildError.mjs'
import { NPM, npm, ours } from './project.mjs'

const WEB = join(dirname(fileURLToPath(import.meta.url)), '..')
const CALL = /(?<![\w$.'"])wx\s*\??\.\s*([a-zA-Z]\w*)/g

/** Return esbuild's result with the output in memory. */
export function bundle(project, { templates, manifest }) {
  return esbuild.build({
    stdin: { contents: entry(project), resolveDir: WEB, sourcefile: 'entry.ts', loader: 'ts' },
    bundle: true,
    minify: true,
    sourcemap: 'linked',
    format: 'iife',
    target: 'es2020',
    outdir: '/',
    entryNames: 'app',
    write: false,
    metafile: true,
    logLevel: 'silent',
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      generated({ templates, manifest: `export default ${JSON.stringify(manifest)}` }),
      source(project),
    ],
  })
}

function entry(project) {
  const lines = ["import 'web:runtime/main'"]
  if (script(project.src, 'app')) lines.push("import 'src:app'")
  for (const path of project.components.keys()) lines.push(`import 'src:${path}'`)
  return [...lines, "import { start } from 'web:runtime/main'", 'start()'].join('\n')
}

const generated = (texts) => ({
  name: 'generated',
  setup(build) {
    build.onResolve({ filter: /^generated:/ }, ({ path }) => ({
      path: path.slice(10),
      namespace: 'generated',
    }))
    build.onLoad({ filter: /.*/, namespace: 'generated' }, ({ path }) => ({
      contents: texts[path],
      loader: 'js',
    }))
    build.onResolve({ filter: /^web:/ }, ({ path }) => ({ path: join(WEB, `${path.slice(4)}.ts`) }))
  },
})

/** Prefix each page and component with its path, which Component() and Page() need. */
const source = (project) => ({
  name: 'source',
  setup(build) {
    const { src } = project
    build.onResolve({ filter: /^src:/ }, ({ path }) => ({
      path: script(src, path.slice(4)) ?? fail(path.slice(4)),
    }))
    build.onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      if (!importer.startsWith(src) || path.includes(':')) return undefined
      const found = npm(path)
        ? script(src, npm(path))
        : join(src, NPM, 'tdesign-miniprogram', NPM, path, 'index.js')
      return found && existsSync(found)
        ? { path: found }
        : { errors: [{ text: `${path}: only tdesign-miniprogram can be imported` }] }
    })
    build.onLoad({ filter: /\.(ts|js)$/ }, ({ path }) => {
      if (!path.startsWith(`${src}/`)) return undefined
      const name = relative(src, path).slice(0, -extname(path).length)
      const text = readFileSync(path, 'utf8')
      const here = project.components.has(name) || name === 'app' ? `__at(${JSON.stringify(name)});` : ''
      return { contents: here + text, loader: path.endsWith('.ts') ? 'ts' : 'js' }
    })
  },
})

const script = (src, path) =>
  [`${path}.ts`, `${path}.js`, `${path}/index.ts`, `${path}/index.js`, path]
    .map((name) => join(src, name))
    .find((name) => /\.[tj]s$/.test(name) && existsSync(name))

function fail(path) {
  throw new BuildError(`${path}.ts`, 'no such file')
}

/** Refuse calls of `wx` that the harness does not have, in every file that went into the bundle. */
export async function checkCalls(project, metafile) {
  const available = await calls()
  for (const input of Object.keys(metafile.inputs)) {
    const path = join(process.cwd(), input)
    if (!path.startsWith(`${project.src}/`)) continue
    const file = relative(project.src, path)
    const text = readFileSync(path, 'utf8')
    for (const found of text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, blank).matchAll(CALL)) {
      if (available.has(found[1]) || (!ours(file) && UNREACHED.has(found[1]))) continue
      throw new BuildError(at(file, text, found.index), `wx.${found[1]}: the harness has no such call`)
    }
  }
}

const blank = (comment) => comment.replace(/[^\n]/g, ' ')

/** Calls of TDesign behind options that are not used here. */
const UNREACHED = new Set()

/** The names of all `wx` calls the harness has: the exports of runtime/wx/index.ts. */
async function calls() {
  const { metafile } = await esbuild.build({
    entryPoints: [join(WEB, 'runtime/wx/index.ts')],
    external: ['generated:*'],
    bundle: true,
    format: 'esm',
    write: false,
    metafile: true,
    outdir: '/',
    logLevel: 'silent',
  })
  return new Set(Object.values(metafile.outputs)[0].exports)
}
