// `crosswalk audit sample`: draws events of an export at random, for an auditor who cannot examine all of them. Needs no
// server.
import { splitEventTypes } from '@crosswalk/admin-api'
import type { Sample } from '@crosswalk/control'
import { expandEventTypes } from '@crosswalk/protocol'
import { type Command, InvalidArgumentError } from 'commander'

import { sanitize } from '../admin/table.ts'
import { count, outputOption, writeJson } from '../output.ts'
import { whileWaiting } from '../progress/progress.ts'
import type { CommandTerminal } from '../terminal.ts'
import { wholeNumber } from '../whole-number.ts'
import { openFile, toInputError } from './audit-copy.ts'
import { renderEvent } from './render-event.ts'

interface SampleOptions {
  readonly seed: string
  readonly size: number
  readonly type?: readonly string[]
  readonly output: string
}

const MAX_SIZE = 10_000

export function addSampleCommand(audit: Command, terminal: CommandTerminal): void {
  audit
    .command('sample')
    .description('draw events of an export at random; with the same seed, the same events')
    .argument('<export>', 'file of `audit export`; - for standard input')
    .requiredOption('--seed <text>', 'any text, agreed before the export is made')
    .option('--size <number>', 'how many events', wholeNumber(1, MAX_SIZE), 25)
    .option(
      '--type <types>',
      'only of these event types, separated by commas; idjag.* for an area',
      parseTypes,
    )
    .addOption(outputOption())
    .action((file: string, options: SampleOptions) => drawSample(terminal, file, options))
}

function parseTypes(text: string): readonly string[] {
  const { types, unknown } = expandEventTypes(splitEventTypes(text))
  if (unknown === undefined) return types
  throw new InvalidArgumentError(`There is no event type ${unknown}.`)
}

async function drawSample(terminal: CommandTerminal, file: string, options: SampleOptions): Promise<void> {
  const { seed, size, type: types, output } = options
  const { sampleCopy } = await import('@crosswalk/control')
  const matches = ({ type }: { readonly type: string }) => types?.includes(type) ?? true
  const drawing = sampleCopy(openFile(terminal, file), { seed, size, matches })
  const sample = await whileWaiting(terminal, 'reading', drawing).catch((error: unknown) => {
    throw toInputError(error, file, 'use the native format of `audit export`')
  })
  if (output !== 'json') return terminal.writeOut(renderSample(sample, seed))
  const { matching, events } = sample
  const items = events.map(({ event, ...place }) => ({ ...place, ...event }))
  writeJson(terminal, { schema: 'crosswalk.sample/v1', seed, size, matching, items })
}

function renderSample({ matching, events }: Sample, seed: string): string {
  const first = `${events.length} of ${count(matching, 'event')}, drawn with the seed "${sanitize(seed)}"`
  const lines = events.map(({ event, chain, seq }) => renderEvent({ ...event, chain, seq }))
  return `${[first, ...lines].join('\n')}\n`
}
