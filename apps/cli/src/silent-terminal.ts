// A terminal for reading the commands without running them: it prints nothing and has no input.
import type { CommandTerminal } from './terminal.ts'

export const SILENT_TERMINAL: CommandTerminal = {
  writeOut: () => undefined,
  writeErr: () => undefined,
  stdin: [],
  isStdinTerminal: false,
  env: {},
  nowMs: () => 0,
  endWith: () => undefined,
  suggest: (commandLine) => commandLine,
}
