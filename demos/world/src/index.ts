export { findFreeBase } from './ports.ts'
export { startWorld, type World } from './start-world.ts'
