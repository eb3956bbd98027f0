// Runs a command line in this process, with streams that a test can read.
import { run } from '../program.ts'

export interface CommandResult {
  readonly exitCode: number
  readonly out: string
  readonly err: string
}

export interface CommandSurroundings {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string | Iterable<Uint8Array>
  /** What a user at a terminal answers; absent: no one sits there */
  readonly answers?: readonly string[] | undefined
  readonly nowMs?: () => number
  readonly columns?: number
  /** Receives the addresses that commands open */
  readonly openBrowser?: (url: string) => Promise<void>
}

export async function runCrosswalk(
  args: readonly string[],
  { env = {}, stdin = '', answers, nowMs = () => Date.now(), ...more }: CommandSurroundings = {},
): Promise<CommandResult> {
  const streams = { out: '', err: '' }
  const left = answers === undefined ? undefined : [...answers]
  const exitCode = await run(args, {
    writeOut: (text) => void (streams.out += text),
    writeErr: (text) => void (streams.err += text),
    stdin: typeof stdin === 'string' ? [Buffer.from(stdin)] : stdin,
    isStdinTerminal: answers !== undefined,
    ...(left === undefined ? {} : { ask: async () => left.shift() ?? '' }),
    ...more,
    env,
    nowMs,
  })
  return { exitCode, ...streams }
}
