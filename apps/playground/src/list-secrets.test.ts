// The secrets of a run that are kept out of its file.
import { clientSecret } from '@crosswalk/client'
import { type HttpRequest, writeTrace } from '@crosswalk/lab'
import { expect, it } from 'vitest'

import { listSecrets } from './list-secrets.ts'
import { runStep } from './run-step.ts'
import type { Run } from './run.ts'
import { showRun } from './shown-run.ts'

const OPAQUE = 'opaque+access/token of the other side'
const CLIENT_SECRET = 'the secret of the app'
const PARTY = { issuer: 'https://idp.example', clientId: 'agent0', auth: clientSecret(CLIENT_SECRET) }

it('also removes a sent secret that a response echoes', async () => {
  const sender = {
    send: async (sent: HttpRequest) => ({
      request: sent,
      sentHeaders: sent.headers ?? {},
      status: 400,
      headers: {},
      cookies: [],
      text: '',
      json: { debug: `you are agent0 with ${CLIENT_SECRET} and ${OPAQUE}`, code: 'invalid_grant' },
      ms: 1,
    }),
    close: async () => undefined,
  }
  const settings = { idp: PARTY, as: PARTY, resource: undefined, scope: undefined, call: undefined }
  const setup = { id: 'given', settings, redirectUri: 'https://app.example', mayBreak: false } as const
  const begun: Run = { number: 1, atMs: 0, setup, steps: {}, isWhole: false }
  const form = new URLSearchParams({ refresh_token: OPAQUE })
  const run = await runStep(begun, 'renew', { sender, nowMs: () => 0 }, async (_, context) => {
    await context.sender.send({
      method: 'POST',
      url: PARTY.issuer,
      headers: { authorization: `Basic ${btoa(`agent0:${CLIENT_SECRET}`)}` },
      form,
    })
    return { result: { outcome: 'refused', told: ['invalid_grant was the answer'] } }
  })
  const text = writeTrace(showRun(run), { salt: 'salt', secrets: listSecrets(run), nowMs: 0 })
  expect(text).toContain('you are agent0 with [secret #')
  for (const secret of [CLIENT_SECRET, OPAQUE]) expect(text).not.toContain(secret)
  expect(text).toContain('invalid_grant was the answer')
})
