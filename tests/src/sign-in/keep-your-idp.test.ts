// Runs the sections on Entra ID, Okta and Google Workspace of the how-to page: the configuration of each section, a user provisioned as described,
// and an ID token as the product documents it, signed with keys of the test.
import { readFileSync } from 'node:fs'

import { afterAll, beforeAll, expect, it, test } from 'vitest'

import { parse } from 'yaml'

import { makeKey, signJwt, type TestKey } from '../protocol/support/foreign-issuer.ts'
import { company, TODO } from '../support/company.ts'
import { type Answer, exchange } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const PAGE = new URL('../../../docs/how-to/keep-your-idp.md', import.meta.url)
const AGENT = { id: 'agent0', secret: 'a-secret-of-agent0-here' }
const SCIM = 'a-scim-token-of-32-characters-or-more'

interface Section {
  readonly admin?: object
  readonly idp: {
    readonly subjectIssuers: readonly { readonly issuer: string; readonly audiences: object }[]
    readonly [name: string]: unknown
  }
}

function readSection(title: string): Section {
  const [, text = ''] = readFileSync(PAGE, 'utf8').split(new RegExp(`^## \\d\\. ${title}$`, 'm'))
  const [, yaml = ''] = /^```yaml crosswalk\.yaml\n([\s\S]*?)^```$/m.exec(text) ?? []
  return parse(yaml.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')) as Section
}

let key: TestKey
const servers = new Map<string, TestServer>()
const PRODUCTS = ['Entra ID', 'Okta', 'Google Workspace'] as const
type Product = (typeof PRODUCTS)[number]
const sections = new Map(PRODUCTS.map((product) => [product, readSection(product)]))

beforeAll(async () => {
  key = await makeKey('cloud')
  for (const product of PRODUCTS) {
    const { idp } = sections.get(product) ?? { idp: { subjectIssuers: [] } }
    const subjectIssuers = idp.subjectIssuers.map((one) => ({ ...one, jwks: { keys: [key.publicJwk] } }))
    const server = await startTestServer({
      file(baseUrl) {
        const world = company(baseUrl) as { idp: object; admin: object }
        const { users: _, ...rest } = world.idp as { users: unknown }
        const section = { ...idp, subjectIssuers }
        return { ...world, ...sections.get(product), idp: { ...rest, ...section } }
      },
    })
    servers.set(product, server)
  }
})
afterAll(() => Promise.all([...servers.values()].map((server) => server.stop())))

const serverOf = (product: Product): TestServer => {
  const server = servers.get(product)
  if (server === undefined) throw new Error(`no server for ${product}`)
  return server
}

/** As the product provisions: a user in a group that the connection allows. */
async function provision(product: Product, externalId: string): Promise<void> {
  const send = (path: string, body: object) =>
    fetch(`${serverOf(product).baseUrl}/scim/v2${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SCIM}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify(body),
    })
  const schema = 'urn:ietf:params:scim:schemas:core:2.0'
  const user = { schemas: [`${schema}:User`], userName: 'ann@acme.example', externalId, active: true }
  const { id } = (await (await send('/Users', user)).json()) as { readonly id: string }
  const group = { schemas: [`${schema}:Group`], displayName: 'engineering', members: [{ value: id }] }
  expect((await send('/Groups', group)).status).toBe(201)
}

const TENANT = '11111111-2222-3333-4444-555555555555'
const now = () => Math.floor(Date.now() / 1000)
/** ID token claims as each product documents them. */
const TOKENS: Readonly<Record<Product, object>> = {
  'Entra ID': {
    ...{ ver: '2.0', tid: TENANT, oid: 'entra-ann', sub: 'another one for each app', name: 'Ann' },
    ...{ preferred_username: 'ann@acme.example', uti: 'u', rh: 'r' },
  },
  Okta: {
    ...{
      ver: 1,
      sub: '00uann',
      name: 'Ann',
      email: 'ann@acme.example',
      preferred_username: 'ann@acme.example',
    },
    ...{ amr: ['pwd', 'mfa'], idp: '00oidp', jti: 'ID.1' },
  },
  'Google Workspace': {
    ...{ sub: '10769150350006150715113082367', hd: 'acme.example', name: 'Gina' },
    ...{ email: 'gina@acme.example', email_verified: true },
  },
}

async function reach(product: Product, change: object = {}): Promise<Answer> {
  const [entry] = sections.get(product)?.idp.subjectIssuers ?? []
  const [aud] = Object.keys(entry?.audiences ?? {})
  const times = { iat: now() + 2, exp: now() + 600 }
  const claims = { iss: entry?.issuer, aud, ...times, ...TOKENS[product], ...change }
  const token = await signJwt(key, claims)
  return exchange(serverOf(product).baseUrl, token, { resource: TODO, scope: 'todos.read' }, AGENT)
}

async function codeOf(product: Product, { headers }: Answer): Promise<unknown> {
  const id = headers.get('crosswalk-decision') ?? ''
  const [found] = await serverOf(product).events((events) => events.findByDecision(id))
  return found?.event.code
}

it('provisions as the page describes', async () => {
  await provision('Entra ID', 'entra-ann')
  await provision('Okta', '00uann')
})

test.each(PRODUCTS)('an ID token of %s reaches the resource with no sign-in here', async (product) => {
  const { status, body } = await reach(product)
  expect(status, JSON.stringify(body)).toBe(200)
})

it.each<[string, Product, object, string]>([
  ['of another tenant', 'Entra ID', { tid: 'another tenant' }, 'XAA1213'],
  ['of an unknown object id', 'Entra ID', { oid: 'another' }, 'XAA1214'],
  ['for another app', 'Okta', { aud: '0oaother' }, 'XAA1212'],
  ['of a custom authorization server', 'Okta', { iss: 'https://acme.okta.com/oauth2/default' }, 'XAA1201'],
  ['of a private account', 'Google Workspace', { hd: undefined }, 'XAA1213'],
  ['of another Workspace', 'Google Workspace', { hd: 'other.example' }, 'XAA1213'],
])('a token %s of %s is denied', async (_, product, change, code) => {
  const refused = await reach(product, change)
  expect([refused.status, await codeOf(product, refused)]).toEqual([400, code])
})

it('covers every product of the page', () => {
  const titles = [...readFileSync(PAGE, 'utf8').matchAll(/^## [345]\. (.*)$/gm)].map(([, title]) => title)
  expect(titles.toSorted()).toEqual(PRODUCTS.toSorted())
})
