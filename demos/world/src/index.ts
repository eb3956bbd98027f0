export { type Browser, createBrowser, type Page } from './once/browser.ts'
export { findFreeBase } from './ports.ts'
export { startWorld, type World } from './start-world.ts'
