/** The globals of a mini-program. The bundle then loads the app, its pages and components, and calls start(). */
import './tags'
import { App, Behavior, Component, getApp, setScriptPath, Page } from './framework'
import { getCurrentPages } from './stack'
import { harness } from './harness'
import * as calls from './wx'

Object.assign(globalThis, {
  App,
  Page,
  Component,
  Behavior,
  getApp,
  getCurrentPages,
  __at: setScriptPath,
  __harness: harness,
})
Object.assign(globalThis, { wx: Object.freeze({ ...calls }) })

export { start } from './start'
