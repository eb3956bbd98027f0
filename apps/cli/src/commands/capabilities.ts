// `crosswalk capabilities`: what an issuer supports, according to its metadata.
import type { Command } from 'commander'

import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { outputOption, type OutputFormat, writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

export function addCapabilitiesCommand(program: Command, terminal: CommandTerminal): void {
  program
    .command('capabilities')
    .description('list what an identity provider or authorization server supports, from its metadata')
    .argument('<issuer>', 'the issuer')
    .addOption(outputOption())
    .action(async (issuer: string, { output }: { output: OutputFormat }) => {
      const { readCapabilities } = await import('@crosswalk/lab')
      const found = await readCapabilities(terminal, issuer)
      if (found === undefined)
        throw new CliError(
          EXIT.network,
          `${issuer} has no metadata`,
          `see \`npx crosswalk doctor --idp ${issuer}\``,
        )
      if (output === 'json') return writeJson(terminal, { schema: 'crosswalk.capabilities/v1', ...found })
      const lines = found.capabilities.map(({ supported, name, evidence }) =>
        sanitize(`${supported ? '✓' : '–'} ${name}${evidence === '' ? '' : `  ${evidence}`}`),
      )
      terminal.writeOut(`${sanitize(found.url)}\n${lines.join('\n')}\n`)
    })
}
