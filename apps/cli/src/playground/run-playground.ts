// Serves the playground on loopback, as its own process and origin, until it is stopped. Tokens and secrets of the flow
// stay in this process; the page shows only decoded tokens.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'

import { createGuardedSender, stripToken } from '@crosswalk/lab'
import { CALLBACK_PATH, createPlayground, type Setup, listRemoteHosts } from '@crosswalk/playground'
import { serve } from '@hono/node-server'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { findDemoSecrets, listNamed, readSettings, type SettingOptions } from '../flow/read-settings.ts'
import { type CommandTerminal, readInput } from '../terminal.ts'

export interface PlaygroundOptions extends SettingOptions {
  readonly idToken?: string
  readonly iOwnThis?: true
  readonly port: number
}

const USER_AGENT = 'crosswalk-playground'

/** @param stopped - stops the playground when it settles; defaults to SIGINT or SIGTERM */
export async function runPlayground(
  terminal: CommandTerminal,
  options: PlaygroundOptions,
  stopped: Promise<unknown> = untilSignal(),
): Promise<void> {
  const origin = `http://127.0.0.1:${options.port}`
  const redirectUri = `${origin}${CALLBACK_PATH}`
  const given = await readGiven(terminal, options, redirectUri)
  const sender = createGuardedSender(terminal, { userAgent: USER_AGENT, named: listNamed(options) })
  try {
    const { fetch } = createPlayground({
      origin,
      redirectUri,
      formKey: randomBytes(24).toString('base64url'),
      given,
      sender,
      nowMs: terminal.nowMs,
    })
    const server = await listen(fetch, options.port)
    terminal.writeErr(`playground: ${origin}\n`)
    await stopped
    server.close()
  } finally {
    await sender.close()
  }
}

/** @returns undefined if no option names a server and no demo world was ever started here: then the page asks */
async function readGiven(
  terminal: CommandTerminal,
  options: PlaygroundOptions,
  ownRedirectUri: string,
): Promise<Setup | undefined> {
  const { demo, idp, as, idToken: file, iOwnThis } = options
  if (demo === undefined && idp === undefined && as === undefined)
    return existsSync(findDemoSecrets(options))
      ? readGiven(terminal, { ...options, demo: 'alice' }, ownRedirectUri)
      : undefined
  const settings = readSettings(terminal, options)
  const text = file === undefined ? terminal.env.CROSSWALK_ID_TOKEN : await readInput(terminal, file)
  const redirectUri = settings.user?.redirectUri ?? ownRedirectUri
  const idToken = text === undefined || text === '' ? {} : { idToken: stripToken(text) }
  const setup: Setup = { id: 'given', settings, redirectUri, mayBreak: iOwnThis === true, ...idToken }
  return { ...setup, mayBreak: setup.mayBreak || listRemoteHosts(setup).length === 0 }
}

function listen(fetch: (request: Request) => Promise<Response>, port: number) {
  return new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const server = serve({ fetch, hostname: '127.0.0.1', port }, () => resolve(server))
    server.once('error', (error) =>
      reject(
        new CliError(
          EXIT.failure,
          `port ${port} cannot be used (${error.message})`,
          'choose another port with --port',
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
