// Whether a user really wants what cannot be revoked: a script says so beforehand, with its reason; a user at a
// terminal is asked.
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'

export interface Wish {
  readonly yes?: true
  readonly reason?: string
}

export interface Consent {
  /** What would be done, as the beginning of a sentence: `app bot would be deleted` */
  readonly what: string
  /** What a user types to agree */
  readonly word: string
}

/** @returns the reason @throws CliError where no one agreed, or no one said why */
export async function askConsent(
  terminal: CommandTerminal,
  { yes, reason = '' }: Wish,
  { what, word }: Consent,
): Promise<string> {
  const ask = async (question: string) =>
    terminal.isStdinTerminal ? ((await terminal.ask?.(question)) ?? '') : ''
  const agreed = yes === true || (await ask(`${what}; type ${word} to agree: `)).trim() === word
  const why = reason.trim() === '' && agreed ? await ask('why? ') : reason
  if (agreed && why.trim() !== '') return why
  const missing = [...(agreed ? [] : ['--yes']), ...(why.trim() === '' ? ['--reason'] : [])]
  throw new CliError(EXIT.usage, `${what}; nothing was changed`, `add ${missing.join(' and ')} to do it`)
}
