export { type Browser, createBrowser, type Page } from './once/browser.ts'
export { findFreeBase } from './ports.ts'
export { startWorld, type World, type WorldSettings } from './start-world.ts'
