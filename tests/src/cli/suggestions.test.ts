// Every suggestion that a denial prints works: commands are run as they are printed, changes of the configuration file are
// written into it and the server is started again, changed questions are asked; and each time the answer is yes.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { DecisionRecord, Remedy } from '@crosswalk/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, company, NOTES, TODO } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { findInPage } from './find-commands.ts'
import { crosswalk } from './run-crosswalk.ts'

type Definition = Record<string, unknown> & { readonly id: string }
type File = Record<string, unknown> & { idp: Record<string, Definition[]> }
type Question = Readonly<Record<string, unknown>>

interface Case {
  readonly code: string
  /** Of the configuration file */
  readonly spoil?: (file: File) => void
  /** Asked by alice for Todo0 unless it says otherwise */
  readonly ask?: Question
  /** Done after the start: arguments of the command line */
  readonly act?: readonly string[]
  /** What is suggested, in order: the beginning of each command, `file:OBJECT`, or `ask:MEMBERS` */
  readonly suggests: readonly string[]
}

const NO_ONE = { everyone: false, users: [], groups: [] }
const find = ({ idp }: File, list: string, id: string): Definition => {
  const found = idp[list]?.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no ${list}/${id}`)
  return found
}
const change = (list: string, id: string, members: object) => (file: File) =>
  void Object.assign(find(file, list, id), members)
const ofConnection = (members: object) => change('connections', 'agent0-todo0', members)
const ofTodo = (members: object) => change('resourceApps', 'todo0', members)
const policy = (definition: object) => (file: File) =>
  void Object.assign(file.idp, { policies: [{ id: 'rule', ...definition }] })
const later = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
const WHY = ['--reason', 'test']

const CASES: Readonly<Record<string, Case>> = {
  'a user assigned to neither end': {
    ...{ code: 'XAA1502', ask: { user: 'bob', scope: ['todos.read'] } },
    suggests: ['grant create'],
  },
  'a user who is not on the connection': {
    ...{ code: 'XAA1503', ask: { user: 'bob' }, spoil: ofTodo({ assignments: { everyone: true } }) },
    suggests: ['grant create', 'file:connections/agent0-todo0'],
  },
  'a user who is not assigned to the app': {
    ...{ code: 'XAA1501', spoil: change('apps', AGENT.id, { assignments: NO_ONE }) },
    suggests: [`file:apps/${AGENT.id}`],
  },
  'a request that waits for an answer': {
    ...{ code: 'XAA1802', ask: { user: 'bob', scope: ['todos.read'] } },
    act: [
      ...['request', 'create', '--user', 'bob', '--app', AGENT.id, '--resource-app', 'todo0'],
      ...['--scope', 'todos.read', '--reason', 'sprint'],
    ],
    suggests: ['request approve'],
  },
  'a user who is inactive': {
    ...{ code: 'XAA1504', ask: { user: 'dave' } },
    suggests: ['file:users/usr_dave'],
  },
  'a user who is suspended': {
    ...{ code: 'XAA1504', act: ['user', 'suspend', 'usr_alice', ...WHY] },
    suggests: ['user resume'],
  },
  'a scope that the connection lacks': {
    ...{ code: 'XAA1602', ask: { resource: NOTES, scope: ['notes.write'] } },
    suggests: ['ask:scope', 'grant create', 'file:connections/agent0-notes0'],
  },
  'a scope that needs approval': {
    ...{ code: 'XAA1604', ask: { scope: ['todos.write'] } },
    spoil: ofTodo({ scopeMeanings: { 'todos.write': { needsApproval: true } } }),
    suggests: ['grant create', 'connection approve', 'ask:scope'],
  },
  'a draft connection': {
    ...{ code: 'XAA1402', spoil: ofConnection({ status: 'draft' }) },
    suggests: ['file:connections/agent0-todo0'],
  },
  'a connection suspended in the file': {
    ...{ code: 'XAA1403', spoil: ofConnection({ status: 'suspended' }) },
    suggests: ['file:connections/agent0-todo0'],
  },
  'a suspended connection': {
    ...{ code: 'XAA1403', act: ['connection', 'suspend', 'agent0-todo0', ...WHY] },
    suggests: ['connection resume'],
  },
  'a revoked connection': {
    ...{ code: 'XAA1407', act: ['connection', 'revoke', 'agent0-todo0', ...WHY] },
    suggests: ['connection resume'],
  },
  'a connection that is over': {
    ...{ code: 'XAA1404', spoil: ofConnection({ expiresAt: later(-1) }) },
    suggests: ['file:connections/agent0-todo0'],
  },
  'a connection that has not begun': {
    ...{ code: 'XAA1404', spoil: ofConnection({ notBefore: later(1) }) },
    suggests: ['file:connections/agent0-todo0'],
  },
  'a resource outside the connection': {
    ...{ code: 'XAA1304', spoil: ofConnection({ resources: [] }) },
    suggests: ['file:connections/agent0-todo0'],
  },
  'an inactive app': {
    ...{ code: 'XAA1104', spoil: change('apps', AGENT.id, { active: false }) },
    suggests: [`file:apps/${AGENT.id}`],
  },
  'a suspended app': {
    ...{ code: 'XAA1104', act: ['app', 'suspend', AGENT.id, ...WHY] },
    suggests: ['app resume'],
  },
  'an inactive resource app': {
    ...{ code: 'XAA1307', spoil: ofTodo({ active: false }) },
    suggests: ['file:resource-apps/todo0'],
  },
  'a blocked user': {
    ...{ code: 'XAA1901', act: ['block', 'add', 'user', 'alice', ...WHY] },
    suggests: ['block lift'],
  },
  'everything blocked': {
    ...{ code: 'XAA1903', act: ['block', 'add', 'everything', '--yes', ...WHY] },
    suggests: ['block lift'],
  },
  'a killed connection': {
    ...{ code: 'XAA1902', act: ['kill', 'connection', 'agent0-todo0', '--yes', ...WHY] },
    suggests: ['block lift'],
  },
  'an audience with a slash too many': {
    ...{ code: 'XAA1302', ask: { slash: true } },
    suggests: ['ask:audience'],
  },
  'an audience that leaves open which resource app is meant': {
    ...{ code: 'XAA1305', ask: { resource: [] } },
    suggests: ['ask:resource', 'ask:resource'],
  },
  'a sign-in without a second factor': {
    ...{ code: 'XAA1801', spoil: ofConnection({ conditions: { acr: ['mfa'] } }) },
    suggests: ['ask:acr,authTime'],
  },
  'a sign-in of yesterday': {
    ...{ code: 'XAA1801', spoil: ofConnection({ conditions: { maxAuthAgeSeconds: 60 } }) },
    ask: { authTime: later(-1) },
    suggests: ['ask:authTime'],
  },
  'a request without a DPoP proof': {
    ...{ code: 'XAA1007', spoil: ofConnection({ conditions: { dpop: 'required' } }) },
    suggests: ['ask:dpop'],
  },
  'a policy against one of the scopes': {
    ...{ code: 'XAA1701', spoil: policy({ when: { scope: ['todos.write'] }, effect: 'deny' }) },
    suggests: ['ask:scope'],
  },
}

/** RFC 7396 */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const merged: Record<string, unknown> = { ...(target as object | undefined) }
  for (const [name, value] of Object.entries(patch))
    if (value === null) delete merged[name]
    else merged[name] = merge(merged[name], value)
  return merged
}

const LISTS: Readonly<Record<string, string>> = { 'resource-apps': 'resourceApps' }

function describeRemedy({ cli, edits, ask }: Remedy): string {
  if (edits !== undefined) return edits.map(({ object }) => `file:${object}`).join(' ')
  if (cli !== undefined)
    return cli
      .replace(/^npx crosswalk /, '')
      .split(' ')
      .slice(0, 2)
      .join(' ')
  return `ask:${Object.keys(ask ?? {})
    .sort()
    .join(',')}`
}

describe('a suggestion for', () => {
  let folder: string
  let key: string
  let server: TestServer
  let admin: Admin
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crosswalk-suggestions-'))
    key = randomBytes(32).toString('hex')
  })
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  async function start(spoil: readonly ((file: File) => void)[], database: string) {
    server = await startTestServer({
      database: `sqlite:${folder}/${database}.db`,
      key,
      file: (baseUrl) => {
        const file = company(baseUrl) as File
        for (const one of spoil) one(file)
        return file
      },
    })
    admin = adminOf(server.baseUrl)
  }

  const run = (args: readonly string[]) =>
    crosswalk([...args, '--server', server.baseUrl], {
      env: { CROSSWALK_ADMIN_TOKEN: 'an admin token of more than 32 characters' },
    })

  async function decide({ slash, ...asked }: Question = {}): Promise<DecisionRecord> {
    const audience = `${server.baseUrl}/as/vendor${slash === true ? '/' : ''}`
    const body = { app: AGENT.id, user: 'alice', audience, resource: TODO, ...asked }
    const answer = await admin('POST', '/simulate', { body })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    return answer.body as DecisionRecord
  }

  const suggestionsOf = ({ remedies }: DecisionRecord) =>
    remedies.filter(({ verified }) => verified !== undefined)

  /** As a user would paste it into a shell. */
  async function paste(line: string) {
    const [command] = findInPage(`\`\`\`sh\n${line}\n\`\`\`\n`)
    const { exitCode, err } = await run(command?.words ?? [])
    expect([line, exitCode, err]).toEqual([line, 0, expect.not.stringContaining('denied')])
  }

  async function write(spoil: Case['spoil'], edits: NonNullable<Remedy['edits']>, database: string) {
    await server.stop()
    const write = (file: File) => {
      for (const { object, patch } of edits) {
        const [collection = '', id = ''] = object.split('/')
        const list = LISTS[collection] ?? collection
        const merged = merge(find(file, list, id), patch) as Definition
        file.idp[list] = (file.idp[list] ?? []).map((one) => (one.id === id ? merged : one))
      }
    }
    await start([...(spoil === undefined ? [] : [spoil]), write], database)
  }

  it.each(Object.entries(CASES))(
    '%s works, and is the narrowest',
    async (_, { code, spoil, ask, act, suggests }) => {
      let left = 1
      for (let place = 0; place < left; place += 1) {
        const database = String(place)
        await start(spoil === undefined ? [] : [spoil], database)
        if (act !== undefined) expect(await run(act)).toMatchObject({ exitCode: 0 })
        const denied = await decide(ask)
        const found = suggestionsOf(denied)
        expect([denied.code, found.map(describeRemedy)]).toEqual([code, suggests])
        left = found.length
        const remedy = found[place]
        if (remedy?.cli !== undefined) await paste(remedy.cli)
        if (remedy?.edits !== undefined) {
          for (const { file, line } of remedy.edits) expect([file, line]).toEqual(['test.json', 1])
          await write(spoil, remedy.edits, database)
        }
        const asked = remedy?.ask === undefined ? ask : { ...ask, slash: false, ...remedy.ask }
        expect((await decide(asked)).outcome).toBe('allow')
        await server.stop()
      }
    },
  )
})
