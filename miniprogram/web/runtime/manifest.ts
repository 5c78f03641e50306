/** The mini-program as the build describes it. */
import generated from 'generated:manifest'

export interface ComponentEntry {
  path: string
  config: PageConfig & {
    usingComponents?: Record<string, string>
    component?: boolean
    styleIsolation?: string
  }
  scope: string
}

export interface PageConfig {
  navigationBarTitleText?: string
  navigationBarBackgroundColor?: string
  navigationBarTextStyle?: string
  navigationStyle?: 'default' | 'custom'
  backgroundColor?: string
  enablePullDownRefresh?: boolean
  disableScroll?: boolean
  onReachBottomDistance?: number
}

export interface Tab {
  pagePath: string
  text: string
  iconPath?: string
  selectedIconPath?: string
}

export interface AppConfig {
  pages: string[]
  entryPagePath?: string
  window?: PageConfig
  tabBar?: {
    custom?: boolean
    color?: string
    selectedColor?: string
    backgroundColor?: string
    borderStyle?: string
    list: Tab[]
  }
}

export const manifest = generated as {
  app: AppConfig
  theme: Record<string, Record<string, string>>
  pages: string[]
  components: ComponentEntry[]
}

export const configOf = (path: string): PageConfig => ({
  ...manifest.app.window,
  ...manifest.components.find((each) => each.path === path)?.config,
})

export const tabs = (): Tab[] => manifest.app.tabBar?.list ?? []
export const isTab = (path: string): boolean => tabs().some((tab) => tab.pagePath === path)

/** Resolve `@name` of theme.json for the current colour scheme. */
export function themeColour(value: string | undefined): string | undefined {
  if (!value?.startsWith('@')) return value
  return manifest.theme[dark.matches ? 'dark' : 'light']?.[value.slice(1)]
}

export const dark = matchMedia('(prefers-color-scheme: dark)')
