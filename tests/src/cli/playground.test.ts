// `crosswalk playground` against Crosswalk: the flow leg by leg, a fault with its verdict, and who may ask.
import { request } from 'node:http'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { AGENT, AGENT_AT_VENDOR } from '../support/company.ts'
import { startPlayground, type TestPlayground } from '../support/playground.ts'

let playground: TestPlayground
let origin = ''

beforeAll(async () => {
  playground = await startPlayground()
  origin = playground.origin
})
afterAll(() => playground.stop())

async function post(fields: Readonly<Record<string, string>>, headers: Record<string, string> = { origin }) {
  const response = await fetch(`${origin}/runs`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
  })
  return { status: response.status, text: await response.text() }
}

async function readKey(): Promise<string> {
  const home = await (await fetch(origin)).text()
  return /name="form_key" value="([^"]+)"/.exec(home)?.[1] ?? ''
}

it('shows every leg of a run with its checks and claims, and never a token or a secret', async () => {
  const { status, text } = await post({ form_key: await readKey() })
  expect(status).toBe(200)
  expect(text).toContain('The flow went through, every leg of it.')
  expect(text.match(/✓ done/g)).toHaveLength(3)
  expect(text).toContain(`${playground.server.baseUrl}/as/vendor`)
  expect(text).toMatch(/✓ J04/)
  const signature = playground.idToken.split('.')[2] ?? ''
  for (const secret of [signature, AGENT.secret, AGENT_AT_VENDOR.secret]) expect(text).not.toContain(secret)
  expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]+\./)
})

it('breaks the flow on purpose, and says where and why it was refused', async () => {
  const { text } = await post({ form_key: await readKey(), fault: 'audience-slash' })
  expect(text).toContain('Refused, as it has to be')
  expect(text).toContain('recorded as XAA1302')
  expect(text).toContain('Not reached.')
})

it('has every fault refused where and why it has to be, one after the other', async () => {
  const home = await (await fetch(origin)).text()
  const faults = [...home.matchAll(/name="fault"\s+value="([^"]+)"/g)].map(([, id = '']) => id)
  expect(faults.length).toBeGreaterThan(20)
  const taken: string[] = []
  for (const fault of faults) {
    const { status, text } = await post({ form_key: await readKey(), fault })
    if (status !== 200 || !text.includes('Refused, as it has to be')) taken.push(fault)
  }
  expect(taken).toEqual([])
}, 180_000)

it('takes forms of its own pages alone, and only at its own name', async () => {
  const key = await readKey()
  expect((await post({ form_key: 'x' })).status).toBe(403)
  expect((await post({ form_key: key }, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await post({ form_key: key, fault: 'no-such-fault' })).status).toBe(403)
  const status = await new Promise((resolve, reject) => {
    request(origin, { headers: { host: 'evil.example' } }, (answer) => resolve(answer.statusCode))
      .on('error', reject)
      .end()
  })
  expect(status).toBe(421)
})
