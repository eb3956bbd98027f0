// Serves the playground until told to stop: a process and an origin of its own, on loopback only. The tokens and secrets of
// the flow stay in this process; the page shows what they say.
import { serve } from '@hono/node-server'
import { randomBytes } from 'node:crypto'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { readSettings, type SettingOptions } from '../flow/flow-settings.ts'
import { findFlow, getIdToken, mustBeHere, tryFault } from '../flow/run-flow.ts'
import { runLegs } from '../flow/run-legs.ts'
import { createGuardedSender } from '../http/guarded-sender.ts'
import type { CommandTerminal } from '../terminal.ts'
import { createPlayground } from './playground.ts'

export interface PlaygroundOptions extends SettingOptions {
  readonly idToken?: string
  readonly signIn?: true
  readonly redirectUri: string
  readonly iOwnThis?: true
  readonly port: number
}

/** @param stopped - ends the playground; SIGINT and SIGTERM unless given */
export async function runPlayground(
  terminal: CommandTerminal,
  options: PlaygroundOptions,
  stopped: Promise<unknown> = untilSignal(),
): Promise<void> {
  const settings = readSettings(terminal, options)
  const mayBreak = options.iOwnThis === true || isHere(() => mustBeHere(settings))
  const sender = createGuardedSender(terminal)
  try {
    const flow = await findFlow(terminal, settings, sender)
    const signIn = () => getIdToken({ terminal, options: { ...options, output: 'text' }, settings, flow })
    // The person of the demo world signs in anew for each run; a token that was given is read once.
    const given = settings.person === undefined ? await signIn() : undefined
    const origin = `http://127.0.0.1:${options.port}`
    const playground = createPlayground({
      origin,
      formKey: randomBytes(24).toString('base64url'),
      parties: { ...flow, person: settings.person?.username },
      mayBreak,
      nowMs: terminal.nowMs,
      idToken: async () => given ?? (await signIn()),
      run: (idToken) => runLegs(flow, idToken),
      tryFault: async (idToken, fault) =>
        tryFault({ flow, settings }, { idToken, fault, control: await runLegs(flow, idToken) }),
    })
    const server = await listen(playground.fetch, options.port)
    terminal.writeErr(`playground: ${origin}\n`)
    await stopped
    server.close()
  } finally {
    await sender.close()
  }
}

function isHere(check: () => void): boolean {
  try {
    check()
    return true
  } catch (error) {
    if (error instanceof CliError) return false
    throw error
  }
}

function listen(fetch: (request: Request) => Promise<Response>, port: number) {
  return new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const server = serve({ fetch, hostname: '127.0.0.1', port }, () => resolve(server))
    server.once('error', (error) =>
      reject(
        new CliError(
          EXIT.failure,
          `port ${port} cannot be used (${error.message})`,
          'choose another: --port',
        ),
      ),
    )
  })
}

function untilSignal(): Promise<unknown> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
  })
}
