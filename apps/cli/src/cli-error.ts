// A failed command: one sentence, one fix, one exit code; plus a code and a reason if known.
import { EXIT_MEANINGS } from './exit-codes.ts'

const DOCS = 'docs/reference/command-line.md#exit-codes'

export interface ErrorDetails {
  /** Stable, for scripts: a decision code, or the problem type of the admin API */
  readonly code?: string
  readonly why?: string
}

export class CliError extends Error {
  readonly exitCode: number
  readonly fix: string
  readonly details: ErrorDetails

  constructor(exitCode: number, message: string, fix: string, details: ErrorDetails = {}) {
    super(message)
    this.name = 'CliError'
    this.exitCode = exitCode
    this.fix = fix
    this.details = details
  }

  withFix(change: (fix: string) => string): CliError {
    return new CliError(this.exitCode, this.message, change(this.fix), this.details)
  }
}

export function renderError({ message, fix, details }: CliError): string {
  const { code, why } = details
  return [
    `error: ${message}`,
    ...(code === undefined ? [] : [`code: ${code}`]),
    ...(why === undefined ? [] : [`why: ${why}`]),
    `fix: ${fix}\n`,
  ].join('\n')
}

/** The same for scripts: every member is always present. */
export function toErrorDocument({ message, fix, exitCode, details }: CliError) {
  const known = EXIT_MEANINGS.find((it) => it.exitCode === exitCode)
  const { code = known?.code ?? 'failure', why = known?.meaning ?? message } = details
  return {
    schema: 'crosswalk.error/v1',
    error: { code, message, why, fix, docs: DOCS, exit_code: exitCode },
  }
}
