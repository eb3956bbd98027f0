// `crosswalk code`: the meaning and fix of a decision code, offline.
import { DECISION_CODES, type DecisionCode } from '@crosswalk/protocol'
import type { Command } from 'commander'

import { CliError } from '../cli-error.ts'
import { labelled, wrapLabelled } from '../decision/render-decision.ts'
import { spellCode } from '../spell-code.ts'
import { EXIT } from '../exit-codes.ts'
import { outputOption, type OutputFormat, writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'
import { type Screen, widthOf, wrapText } from '../wrap-text.ts'

export function addCodeCommand(program: Command, terminal: CommandTerminal): void {
  program
    .command('code')
    .description('explain a decision code and its fix; needs no server')
    .argument('<code>', 'for example XAA1503')
    .addOption(outputOption())
    .action((text: string, { output }: { output: OutputFormat }) => {
      const code = spellCode(text)
      const entry = (DECISION_CODES as Readonly<Record<string, DecisionCode>>)[code]
      if (entry === undefined)
        throw new CliError(
          EXIT.notFound,
          `${text} is not a decision code`,
          'use a code as decisions and errors show it, such as XAA1503',
        )
      if (output === 'json') writeJson(terminal, { schema: 'crosswalk.code/v1', code, ...entry })
      else terminal.writeOut(renderCode(code, entry, terminal))
    })
}

function renderCode(
  code: string,
  { meaning, kind, http, error, owner, remedy }: DecisionCode,
  screen: Screen,
): string {
  const lines = [
    ...wrapText(`${code}  ${meaning}`, widthOf(screen)),
    ...labelled('kind', [kind]),
    ...labelled('wire', [`${http}${error === undefined ? '' : ` ${error}`}`]),
    ...labelled('fix', wrapLabelled(screen)(`(${owner}) ${remedy}`)),
  ]
  return `${lines.join('\n')}\n`
}
