// How a command ends otherwise than well: one sentence, one remedy, one exit code.

export class CliError extends Error {
  readonly exitCode: number
  readonly fix: string

  constructor(exitCode: number, message: string, fix: string) {
    super(message)
    this.name = 'CliError'
    this.exitCode = exitCode
    this.fix = fix
  }
}

export function renderError({ message, fix }: Pick<CliError, 'message' | 'fix'>): string {
  return `error: ${message}\nfix: ${fix}\n`
}
