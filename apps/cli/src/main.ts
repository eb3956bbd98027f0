// Entry point of the process: calls `run`, and exits with its code. Handles output that cannot be written.
import { CliError, renderError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { run } from './program.ts'
import { stopWithNpx } from './stop-with-npx.ts'
import { createTerminal } from './terminal.ts'

// Without these, Node.js would end with a stack trace.
process.stdout.on('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => {
  // The reader closed the pipe, as `head` does.
  if (code === 'EPIPE') process.exit(process.exitCode ?? EXIT.failure)
  const message = `the output cannot be written (${code})`
  process.stderr.write(
    renderError(new CliError(EXIT.failure, message, 'free disk space, or write it elsewhere')),
  )
  process.exit(EXIT.failure)
})
// A server keeps running even if its log output is closed.
process.stderr.on('error', () => undefined)

stopWithNpx()
process.exitCode = await run(process.argv.slice(2), createTerminal(process))
