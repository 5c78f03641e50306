/** The order of things: globals first, then (by the bundle) the app, its pages and components, then start(). */
import './tags'
import { App, Behavior, Component, getApp, here, Page } from './space'
import { getCurrentPages } from './stack'
import { hooks } from './hooks'
import * as calls from './wx'

Object.assign(globalThis, { App, Page, Component, Behavior, getApp, getCurrentPages, __at: here, __harness: hooks })
Object.assign(globalThis, { wx: Object.freeze({ ...calls }) })

export { start } from './start'
