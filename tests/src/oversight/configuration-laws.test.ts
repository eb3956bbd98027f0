// What holds for every member of every collection: file, document and API store the same, an export is the same
// elsewhere, and what changes nothing is no change.
import { type Collection, COLLECTION_NAMES, COLLECTIONS } from '@crosswalk/admin-api'
import { isObject } from '@crosswalk/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { z } from 'zod'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { EVERY_MEMBER, ISSUER } from '../support/every-member.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into whatever comes back
type Freely = any

const SETTINGS = {
  admin: {
    token: 'an admin token of more than 32 characters',
    roles: { administrator: { groups: ['engineering'] } },
  },
}
const DIRECTORY = { id: 'hr', token: 'the token of the directory, long enough' }

const listOf = (document: Freely, collection: Collection): Freely[] =>
  COLLECTIONS[collection].path.reduce((value: Freely, name) => value[name], document)

it.each(COLLECTION_NAMES)('the definitions have every member of %s', (collection) => {
  const missing = findMissing(COLLECTIONS[collection].input, listOf(EVERY_MEMBER, collection))
  // Written in requests only
  const unstored = /\.(previousSecret|keepPrevious|hasSecret|hasPreviousSecret)$/
  expect(missing.filter((path) => !unstored.test(path))).toEqual([])
})

describeOnDatabases('definitions on $name', ({ create }) => {
  let ofFile: TestServer
  let ofDatabase: TestServer
  let file: Admin
  let database: Admin
  beforeAll(async () => {
    const escaped = JSON.parse(
      JSON.stringify(EVERY_MEMBER).replaceAll('${', () => '$${'),
    ) as typeof EVERY_MEMBER
    const idp = { issuer: ISSUER, directories: [DIRECTORY] }
    ofFile = await startTestServer({
      file: () => ({ ...SETTINGS, ...escaped, idp: { ...idp, ...escaped.idp } }),
      database: await create(),
    })
    ofDatabase = await startTestServer({ file: () => ({ ...SETTINGS, idp }), database: await create() })
    file = adminOf(ofFile.baseUrl)
    database = adminOf(ofDatabase.baseUrl)
    const applied = await apply(EVERY_MEMBER)
    expect(applied.status, applied.text).toBe(200)
  })
  afterAll(async () => {
    expect([...ofFile.log, ...ofDatabase.log].filter((line) => line.startsWith('fault'))).toEqual([])
    await ofFile.stop()
    await ofDatabase.stop()
  })

  const plan = (admin: Admin, document: object) =>
    admin('POST', '/configuration/plan', { body: { document } })

  async function apply(document: object) {
    const { etag: ifMatch } = await plan(database, document)
    // The policy tests have every member, not a meaning.
    const headers = { 'crosswalk-override': 'policy-tests' }
    return database('POST', '/configuration/apply', { body: { document, reason: 'law' }, ifMatch, headers })
  }

  const read = async (admin: Admin, collection: Collection): Promise<Freely[]> =>
    (await admin('GET', `/${collection}?limit=200`)).body.items

  /** Without addresses of the server */
  async function exported(admin: Admin, { baseUrl }: TestServer): Promise<Freely> {
    const { document } = (await admin('GET', '/configuration')).body
    return JSON.parse(
      JSON.stringify(document)
        .replaceAll('$${', () => '${')
        .replaceAll(baseUrl, 'https://here'),
    )
  }

  it.each(COLLECTION_NAMES)('%s: file and document store the same', async (collection) => {
    const normal = (shown: readonly object[], { baseUrl }: TestServer) =>
      shown.map((object) => ({
        ...(JSON.parse(JSON.stringify(object).replaceAll(baseUrl, 'https://here')) as object),
        ...{ owner: '', revision: 0, updatedAt: null, updatedBy: null },
      }))
    const shown = normal(await read(file, collection), ofFile)
    expect(normal(await read(database, collection), ofDatabase)).toEqual(shown)
  })

  it('an export is the same on both, and differs in nothing from what is in force', async () => {
    const [one, other] = [await exported(file, ofFile), await exported(database, ofDatabase)]
    expect(other).toEqual(one)
    for (const document of [EVERY_MEMBER, one])
      for (const [admin, { baseUrl }] of [
        [file, ofFile],
        [database, ofDatabase],
      ] as const) {
        const planned = await plan(
          admin,
          JSON.parse(JSON.stringify(document).replaceAll('https://here', baseUrl)),
        )
        expect(planned.status, planned.text).toBe(200)
        expect(planned.body).toMatchObject({ changes: [], problems: [], failedTests: [] })
      }
  })

  it('what changes nothing has no revision and no event: a document, a replacement, an empty patch', async () => {
    const listEvents = async () =>
      (await database('GET', '/audit-events?log=admin')).body.items.filter(
        ({ type }: { type: string }) => type !== 'audit.read',
      )
    const before = await listEvents()
    expect((await apply(EVERY_MEMBER)).status).toBe(200)
    for (const collection of COLLECTION_NAMES)
      for (const shown of await read(database, collection)) {
        // Groups that exist only because users list them
        if (shown.revision === 0) continue
        const path = `/${collection}/${encodeURIComponent(shown.id)}`
        const { etag: ifMatch } = await database('GET', path)
        for (const [method, body] of [
          ['PUT', shown],
          ['PATCH', {}],
        ] as const) {
          const { status, etag, body: now } = await database(method, path, { body, ifMatch })
          expect([method, status, etag, now]).toEqual([method, 200, ifMatch, shown])
        }
      }
    expect(await listEvents()).toEqual(before)
  })

  it('a patch with another kind of credential replaces it, and with the same kind changes it', async () => {
    const oauth = (await database('GET', '/resource-apps/calendar')).body.brokered.credential
    const change = async (credential: object) => {
      const body = { brokered: { credential } }
      const changed = await database('PATCH', '/resource-apps/calendar', { body, ifMatch: '*' })
      expect(changed.status, changed.text).toBe(200)
      return changed.body.brokered
    }
    const key = { kind: 'apiKey', per: 'app', header: 'Authorization', scheme: 'Bearer' }
    expect((await change({ kind: 'apiKey' })).credential).toEqual(key)
    expect((await change({ per: 'user' })).credential).toEqual({ ...key, per: 'user' })
    expect(await change(oauth)).toMatchObject({ credential: oauth, privateNetwork: true })
  })
})

/** @returns the paths of members that no value has, of all alternatives */
function findMissing(schema: z.ZodType, values: readonly unknown[], path = ''): readonly string[] {
  const { type, innerType, in: input, element, shape, options } = schema.def as Freely
  const there = values.filter((value) => value !== undefined)
  if (there.length === 0) return [path]
  if (innerType !== undefined) return findMissing(innerType, there, path)
  if (type === 'pipe') return findMissing(input, there, path)
  if (type === 'array') return findMissing(element, there.filter(Array.isArray).flat(), `${path}[]`)
  // Alternatives are told by the values that they accept.
  if (type === 'union')
    return options
      .filter((option: z.ZodType) => isObject((option.def as Freely).shape))
      .flatMap((option: z.ZodType) =>
        findMissing(
          option,
          there.filter((value) => option.safeParse(value).success),
          path,
        ),
      )
  if (type !== 'object') return []
  return Object.entries(shape as Readonly<Record<string, z.ZodType>>).flatMap(([name, member]) =>
    findMissing(
      member,
      there.filter(isObject).map((value) => value[name]),
      `${path}.${name}`,
    ),
  )
}
