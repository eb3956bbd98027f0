// Runs a command line in this process, with streams that a test can read.
import { run } from '@crosswalk/cli'

export interface CommandResult {
  readonly exitCode: number
  readonly out: string
  readonly err: string
}

export async function crosswalk(
  args: readonly string[],
  {
    env = {},
    stdin = '',
    answers,
  }: {
    readonly env?: Readonly<Record<string, string>>
    readonly stdin?: string | Iterable<Uint8Array>
    /** What a user at a terminal answers; absent: no one sits there */
    readonly answers?: readonly string[]
  } = {},
): Promise<CommandResult> {
  const streams = { out: '', err: '' }
  const left = answers === undefined ? undefined : [...answers]
  const exitCode = await run(args, {
    writeOut: (text) => void (streams.out += text),
    writeErr: (text) => void (streams.err += text),
    stdin: typeof stdin === 'string' ? [Buffer.from(stdin)] : stdin,
    isStdinTerminal: answers !== undefined,
    ...(left === undefined ? {} : { ask: async () => left.shift() ?? '' }),
    env,
    nowMs: () => Date.now(),
  })
  return { exitCode, ...streams }
}
