// Exports the command line as a function.
export { createProgram, run } from './program.ts'
export { SILENT_TERMINAL } from './silent-terminal.ts'
export type { Terminal } from './terminal.ts'
export { runPlayground, type PlaygroundOptions } from './playground/run-playground.ts'
