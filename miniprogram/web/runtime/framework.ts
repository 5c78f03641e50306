/** App, Page, Component and Behavior on WeChat's own component framework, glass-easel. */
import * as glass from 'glass-easel'
import { component as parts, MiniProgramEnv } from 'glass-easel-miniprogram-adapter'
import templates from 'generated:templates'
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
  if (where.startsWith('miniprogram_npm/')) return false // TDesign sets attributes it does not declare
  if (where) console.error(`${where}: ${message}`)
  else console.warn(message) // null for a String: WeChat warns, too, and uses the default
  return false
})

let scriptPath = ''
/** Called by each script with its path before it registers a page or component. */
export const setScriptPath = (path: string): void => {
  scriptPath = path
}

export function Component(definition: Definition): void {
  space.componentEnv(scriptPath, (registration) =>
    registration.Component(withoutStringBehaviors(definition) as never),
  )
}

export function Page(definition: Definition): void {
  space.componentEnv(scriptPath, (registration) =>
    registration.Page(withoutStringBehaviors(definition) as never),
  )
}

export function Behavior(definition: Definition): unknown {
  return space.componentEnv(scriptPath, (registration) =>
    registration.Behavior(withoutStringBehaviors(definition) as never),
  )
}

/** Drop WeChat's built-in behaviours, which are strings; the harness has their functions anyway. */
function withoutStringBehaviors(definition: Definition): Definition {
  const behaviors = (definition.behaviors as unknown[] | undefined)?.filter(
    (each) => typeof each !== 'string',
  )
  return behaviors ? { ...definition, behaviors } : definition
}

export let app: Definition | undefined
export function App(definition: Definition): void {
  app = definition
}
export const getApp = (): Definition | undefined => app

export type Instance = parts.GeneralComponent & Definition
