// Confirms an irreversible action: scripts pass `--yes` and `--reason`; a user at a terminal is prompted.
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'

export interface ConsentOptions {
  readonly yes?: true
  readonly reason?: string
}

export interface Consent {
  /** The effect, as the start of a sentence: `app bot would be deleted` */
  readonly what: string
  /** The word a user types to confirm */
  readonly word: string
}

/** @returns the reason @throws CliError without a confirmation or a reason */
export async function askConsent(
  terminal: CommandTerminal,
  { yes, reason = '' }: ConsentOptions,
  { what, word }: Consent,
): Promise<string> {
  const ask = async (question: string) =>
    terminal.isStdinTerminal ? ((await terminal.ask?.(question)) ?? '') : ''
  const agreed = yes === true || (await ask(`${what}; type ${word} to confirm: `)).trim() === word
  const why = reason.trim() === '' && agreed ? await ask('why? ') : reason
  if (agreed && why.trim() !== '') return why
  const missing = [...(agreed ? [] : ['--yes']), ...(why.trim() === '' ? ['--reason'] : [])]
  throw new CliError(
    EXIT.usage,
    `${what}; nothing was changed`,
    `add ${missing.join(' and ')} to do it`,
    terminal.isStdinTerminal ? {} : { why: 'standard input is not a terminal, so the command cannot ask' },
  )
}
