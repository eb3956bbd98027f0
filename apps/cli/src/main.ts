// Where the process begins: hands over to `run` and ends with its exit code.
import { run } from './program.ts'
import { createTerminal } from './terminal.ts'

process.exitCode = await run(process.argv.slice(2), createTerminal(process))
