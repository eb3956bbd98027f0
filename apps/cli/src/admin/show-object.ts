// Prints one object as YAML, in the form of a configuration document.
import { stringify } from 'yaml'

import { writeJson } from '../output.ts'
import type { Terminal } from '../terminal.ts'
import type { AdminCommand } from './admin-options.ts'
import { sanitize } from './table.ts'

export function showObject(
  { options, terminal }: Pick<AdminCommand, 'options' | 'terminal'>,
  /** Its kind, as the command line names it */
  noun: string,
  object: Readonly<Record<string, unknown>>,
): void {
  if (options.output === 'json') writeJson(terminal, { schema: `crosswalk.${noun}/v1`, ...object })
  else writeYaml(terminal, object)
}

export function writeYaml(terminal: Terminal, document: object): void {
  terminal.writeOut(`${renderObject(document).map(sanitize).join('\n')}\n`)
}

export function renderObject(object: object): readonly string[] {
  return stringify(object).trimEnd().split('\n')
}
