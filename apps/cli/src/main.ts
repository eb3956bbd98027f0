// Where the process begins: hands over to `run` and ends with its exit code, or when no one reads the answer.
import { CliError, renderError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { run } from './program.ts'
import { createTerminal } from './terminal.ts'

// Without these, Node.js would end with a stack trace.
process.stdout.on('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => {
  // The reader has had enough, as `head` has.
  if (code === 'EPIPE') process.exit(process.exitCode ?? EXIT.failure)
  const message = `the answer cannot be written (${code})`
  process.stderr.write(
    renderError(new CliError(EXIT.failure, message, 'write it where there is room for it')),
  )
  process.exit(EXIT.failure)
})
// A server goes on serving when no one reads its progress any more.
process.stderr.on('error', () => undefined)

process.exitCode = await run(process.argv.slice(2), createTerminal(process))
