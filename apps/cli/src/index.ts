// The command line as a function, for tests.
export { createProgram, run } from './program.ts'
export type { Terminal } from './terminal.ts'
export { runPlayground, type PlaygroundOptions } from './playground/run-playground.ts'
