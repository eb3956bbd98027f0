import { afterAll, expect, it } from 'vitest'

import { createProofFetch } from './proof-fetch.ts'

const OWN = 'https://10.0.0.7:8443'
const { fetch, close } = createProofFetch([`${OWN}/as/todo0`])
afterAll(close)

const failureOf = (url: string) =>
  fetch(url).then(
    () => 'answered',
    (error: unknown) => String(error),
  )

it.each([
  ['another host', 'https://10.0.0.8:8443/.well-known/openid-configuration'],
  ['another port', 'https://10.0.0.7:9443/.well-known/openid-configuration'],
])('refuses the private address of %s (SEC-11)', async (_, url) => {
  expect(await failureOf(url)).toBe(`TypeError: refused to fetch ${url}: address-refused`)
})

it('tries our own private address', async () => {
  expect(await failureOf(`${OWN}/token`)).toBe(`TypeError: could not fetch ${OWN}/token`)
})
