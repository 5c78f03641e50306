/**
 * Run components on exparser, the framework of WeChat where it does not use glass-easel: `node web/exparser.mjs`.
 * There, `this.data.x` is another object inside an observer than outside, so nothing may depend on identity.
 */
/* global document */
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'
import { JSDOM } from 'jsdom'
import { wechatPrograms } from './build/wechatPrograms.mjs'

wechatPrograms('exparser')
const TOP = join(dirname(fileURLToPath(import.meta.url)), '..')
const TDESIGN = 'miniprogram_npm/tdesign-miniprogram'
const folder = mkdtempSync(join(tmpdir(), 'exparser-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const load = createRequire(join(folder, 'package.json'))
const installed = createRequire(join(TOP, 'package.json'))

const TICKET = {
  id: '1',
  no: '1',
  category: { code: 'stair_light' },
  place: { id: '1' },
  photos: [],
  actions: [],
}
const LIMITS = { accept_minutes: 30, acknowledge_minutes: 60, resolve_minutes: 600 }
const CLOCKS = { clock_accept: 'around', clock_acknowledge: 'around', clock_resolve: 'around' }
const POST = { id: '1', label: '网格长', role: 'head' }

/** Each case: a component, its properties, what somebody enters, and what must still be there later. */
const CASES = [
  {
    it: 'a form asks for its options once, whatever is typed',
    component: 'components/action-sheet/action-sheet',
    properties: { request: { ticket: TICKET, action: 'dispatch' } },
    async act(sheet) {
      await settled()
      const asked = requests.length
      assert.ok(asked > 0, 'it asked for its options')
      for (const note of ['今', '今晚', '今晚修'])
        sheet.instance.change({ detail: { values: { organisation_id: '7', note } } })
      await settled()
      return [requests.length, asked]
    },
  },
  {
    it: 'a sheet keeps what was typed when the language changes',
    component: 'components/action-sheet/action-sheet',
    properties: { request: { ticket: TICKET, action: 'comment' } },
    async act(sheet) {
      await settled()
      sheet.instance.change({ detail: { values: { text: '今晚修' } } })
      load('./domain/draftText.js').removeActionDraft(TICKET.id, 'comment') // what a restart would begin with
      setLanguage('en')
      await settled()
      return [sheet.data.values, { text: '今晚修' }]
    },
  },
  {
    it: 'an absence keeps its days when the language changes',
    component: 'office/components/absence-sheet/absence-sheet',
    properties: { post: POST },
    async act(sheet) {
      sheet.instance.choose({ detail: { from: '2030-01-01', until: '2030-01-02' } })
      setLanguage('en')
      return [sheet.data.from, '2030-01-01']
    },
  },
  {
    it: 'a limit keeps its number when the language changes',
    component: 'office/components/limit-form/limit-form',
    properties: { limits: { ...LIMITS, ...CLOCKS }, workday: 420 },
    async act(form) {
      form.instance.type({ currentTarget: { dataset: { n: 0 } }, detail: { value: '45' } })
      setLanguage('en')
      return [form.data.rows[0].n, '45']
    },
  },
]

const requests = [] // of the API, by path
pack(resolve(process.argv[2] ?? join(TOP, 'src')))
startWechat()
const simulate = installed('miniprogram-simulate')
load('./platform/request.js').setSession({ accessToken: async () => 'token' })
const { setLanguage } = load('./ui/theme.js')

let failed = 0
const report = console.error
console.error = (...texts) => {
  failed += 1 // exparser reports what a component throws, and goes on
  report(...texts)
}
await attempt('all components are drawn', () => void draw('all'))
for (const [n, { it, properties, act }] of CASES.entries()) {
  setLanguage('zh-Hans')
  await attempt(it, async () => {
    const page = draw(`case${n}`)
    page.setData(properties) // later, as when a button is tapped: its observers run
    const [result, wanted] = await act(page.querySelector('.tried'))
    assert.deepEqual(result, wanted)
  })
}
if (!failed) console.log(`exparser: all components drawn, ${CASES.length} cases hold`)
process.exit(failed ? 1 : 0)

async function attempt(it, act) {
  try {
    await act()
  } catch (error) {
    console.error(`exparser: ${it}: ${error.message}`)
  }
}

function draw(path) {
  const drawn = simulate.render(simulate.load(join(folder, path), { rootPath: folder }))
  drawn.attach(document.createElement('div'))
  return drawn
}

/** Our own pages and components. */
function componentPaths() {
  const names = readdirSync(folder, { recursive: true }).map((name) => name.replaceAll('\\', '/'))
  return names
    .filter((name) => /^(pages|components|office|staff|custom-tab-bar)\/.*\.wxml$/.test(name))
    .map((name) => name.slice(0, -'.wxml'.length))
    .sort()
}

/** Compile the source into `folder`: each script for itself, the components of TDesign by their address. */
function pack(src) {
  cpSync(src, folder, { recursive: true, filter: (path) => !/\.(md|d\.ts)$/.test(path) })
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name)
    if (/\.[tj]s$/.test(name)) {
      const options = { loader: 'ts', format: 'cjs', target: 'es2020' }
      writeFileSync(path.replace(/\.ts$/, '.js'), transformSync(readFileSync(path, 'utf8'), options).code)
    } else if (name.endsWith('.json'))
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"tdesign-miniprogram/', `"/${TDESIGN}/`))
  }
  cpSync(join(folder, TDESIGN, 'miniprogram_npm'), join(folder, 'node_modules'), { recursive: true })
  CASES.forEach(({ component, properties }, n) =>
    writePage(join(folder, `case${n}`), { tried: component }, Object.keys(properties)),
  )
  writePage(join(folder, 'all'), Object.fromEntries(componentPaths().map((path, n) => [`part${n}`, path])))
}

/** Write a page with components, given by name: `{ tried: path }`, and the properties its data gives them. */
function writePage(path, components, properties = []) {
  const given = properties.map((name) => `${name}="{{${name}}}"`).join(' ')
  const addresses = Object.entries(components).map(([name, address]) => [name, `/${address}`])
  const usingComponents = Object.fromEntries(addresses)
  writeFileSync(`${path}.json`, JSON.stringify({ component: true, usingComponents }))
  writeFileSync(`${path}.js`, 'Component({})')
  const tags = Object.keys(components).map((name) => `<${name} class="tried" ${given} />`)
  writeFileSync(`${path}.wxml`, tags.join('\n'))
}

/** A window, and the calls of `wx` the components begin with; the API answers with empty lists. */
function startWechat() {
  const { window } = new JSDOM('<body></body>')
  const names = ['document', 'Node', 'Element', 'HTMLElement', 'Event', 'CustomEvent', 'TouchEvent']
  for (const name of names) globalThis[name] = window[name]
  globalThis.window = window
  const storage = new Map()
  globalThis.getCurrentPages = () => []
  globalThis.getApp = () => undefined
  globalThis.wx = {
    getAccountInfoSync: () => ({ miniProgram: { appId: 'wx1', envVersion: 'develop' } }),
    getAppBaseInfo: () => ({
      SDKVersion: '3.0.0',
      language: 'zh_CN',
      theme: 'light',
      fontSizeScaleFactor: 1,
    }),
    getStorageSync: (name) => storage.get(name) ?? '',
    setStorageSync: (name, value) => storage.set(name, value),
    removeStorageSync: (name) => storage.delete(name),
    getStorageInfoSync: () => ({ keys: [...storage.keys()] }),
    request({ url, success }) {
      requests.push(url)
      success({ statusCode: 200, header: {}, data: { items: [], next: null } })
    },
  }
}

function settled() {
  return new Promise((resolve) => setTimeout(resolve, 20))
}
