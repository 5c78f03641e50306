/** App, Page, Component, Behavior: what WeChat offers a program, over WeChat's own component framework. */
import * as glass from 'glass-easel'
import { component as parts, MiniProgramEnv } from 'glass-easel-miniprogram-adapter'
import templates from 'made:templates'
import { Context } from './context'
import { manifest } from './manifest'
import './instances'

type Definition = Record<string, any>

const env = new MiniProgramEnv()
export const space = env.createCodeSpace('', true)
export const backend = env.associateBackend(new Context() as unknown as glass.GeneralBackendContext)

for (const { path, config, scope } of manifest.components) {
  space.addComponentStaticConfig(path, config as never)
  space.addStyleSheet(path, undefined, scope)
  space.addCompiledTemplate(path, { groupList: templates, content: templates[path]! } as never)
}

glass.addGlobalWarningListener((message, component) => {
  const where = typeof component === 'string' ? component : component.is
  if (where.startsWith('miniprogram_npm/')) return false // TDesign passes more than it declares
  if (where) console.error(`${where}: ${message}`)
  else console.warn(message) // a null where a text is declared: WeChat too takes the default and warns
  return false
})

let now = ''
/** Whose script runs now: pages and components are named by their place. */
export const here = (path: string): void => {
  now = path
}

export function Component(definition: Definition): void {
  space.componentEnv(now, (made) => made.Component(known(definition) as never))
}

export function Page(definition: Definition): void {
  space.componentEnv(now, (made) => made.Page(known(definition) as never))
}

export function Behavior(definition: Definition): unknown {
  return space.componentEnv(now, (made) => made.Behavior(known(definition) as never))
}

/** WeChat's own behaviours are strings; the harness gives what they give by itself. */
function known(definition: Definition): Definition {
  const behaviors = (definition.behaviors as unknown[] | undefined)?.filter((each) => typeof each !== 'string')
  return behaviors ? { ...definition, behaviors } : definition
}

export let app: Definition | undefined
export function App(definition: Definition): void {
  app = definition
}
export const getApp = (): Definition | undefined => app

export type Instance = parts.GeneralComponent & Definition
