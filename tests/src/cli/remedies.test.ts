// Suggested commands work: each is run as printed, and then the request is allowed.
import type { DecisionRecord } from '@crosswalk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, company, TODO } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { crosswalk } from './run-crosswalk.ts'
import { findInPage } from './find-commands.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
})
afterAll(() => server.stop())

const admin = (args: readonly string[], stdin = '') =>
  crosswalk([...args, '--server', server.baseUrl], {
    env: { CROSSWALK_ADMIN_TOKEN: 'an admin token of more than 32 characters' },
    stdin,
  })

async function simulate(): Promise<DecisionRecord> {
  const { out } = await admin([
    ...['simulate', '--app', AGENT.id, '--user', 'alice', '--audience', `${server.baseUrl}/as/vendor`],
    ...['--resource', TODO, '-o', 'json'],
  ])
  return JSON.parse(out) as DecisionRecord
}

/** Runs it as pasted into a shell. */
async function paste(line: string) {
  const [command] = findInPage(`\`\`\`sh\n${line}\n\`\`\`\n`)
  return admin(command?.words ?? [])
}

describe('the command of a fix', () => {
  it.each([
    ['resumes a connection', ['connection', 'suspend', 'agent0-todo0']],
    ['resumes a user', ['user', 'suspend', 'usr_alice']],
    ['resumes an app', ['app', 'suspend', AGENT.id]],
    ['lifts the block of a user', ['block', 'add', 'user', 'alice']],
    ['lifts the block of everything', ['block', 'add', 'everything', '--yes']],
    ['lifts a kill', ['kill', 'connection', 'agent0-todo0', '--yes']],
  ])('%s, and the answer is yes', async (_, stop) => {
    expect((await simulate()).outcome).toBe('allow')
    expect((await admin([...stop, '--reason', 'test'])).exitCode).toBe(0)
    const refused = await simulate()
    expect(refused.outcome).toBe('deny')
    const [remedy] = refused.remedies
    expect(await paste(remedy?.cli ?? '')).toMatchObject({ exitCode: 0 })
    expect((await simulate()).outcome).toBe('allow')
  })
})

describe('the command of a remedy for what the database holds', () => {
  const WHY = ['--reason', 'test']
  const API = 'https://crm.test/api'
  const NOBODY = { everyone: false, users: [] }
  const crm = {
    id: 'crm',
    name: 'CRM',
    issuer: 'https://crm.test',
    resources: [{ id: API, scopes: ['read', 'write'] }],
    assignments: { everyone: true },
  }
  const connection = {
    ...{ id: 'bot-crm', app: 'bot', resourceApp: 'crm', clientId: 'bot there', status: 'active' },
    ...{ resources: [API], scopes: ['read'], assignments: { everyone: true } },
  }

  async function decide(): Promise<DecisionRecord> {
    const asked = ['--app', 'bot', '--user', 'eve', '--audience', 'https://crm.test', '--scope', 'read']
    return JSON.parse((await admin(['simulate', ...asked, '--resource', API, '-o', 'json'])).out)
  }

  beforeAll(async () => {
    await admin(['user', 'create', 'usr_eve', '--username', 'eve', ...WHY])
    const bot = ['--name', 'Bot', '--kind', 'agent', '--auth', 'client_secret_basic', '--everyone']
    await admin(['app', 'create', 'bot', ...bot, ...WHY])
    await admin(['resource', 'create', '-f', '-', ...WHY], JSON.stringify(crm))
    await admin(['connection', 'create', '-f', '-', ...WHY], JSON.stringify(connection))
  })

  it.each([
    ['lets a user in', 'user', 'usr_eve', { active: false }, /^npx crosswalk user update usr_eve --active/],
    ['enables an app', 'app', 'bot', { active: false }, /^npx crosswalk app update bot --active/],
    ['enables a resource app', 'resource', 'crm', { active: false }, /resource update crm --active/],
    ['makes a connection active', 'connection', 'bot-crm', { status: 'draft' }, /--status active/],
    ['adds a scope', 'connection', 'bot-crm', { scopes: ['write'] }, /--scope write read /],
    ['adds a resource', 'connection', 'bot-crm', { resources: [] }, /--resource https:/],
    ['assigns to an app', 'app', 'bot', { assignments: NOBODY }, /app assign bot --user usr_eve/],
    ['assigns to a resource app', 'resource', 'crm', { assignments: NOBODY }, /resource assign crm/],
    ['assigns to a connection', 'connection', 'bot-crm', { assignments: NOBODY }, /connection assign/],
    ['grants access', 'connection', 'bot-crm', { assignments: NOBODY }, /grant create --connection bot-crm/],
  ] as const)('%s, and the answer is yes', async (_, noun, id, change, command) => {
    expect((await decide()).outcome).toBe('allow')
    const spoilt = await admin([noun, 'update', id, '-f', '-', ...WHY], JSON.stringify(change))
    expect(spoilt).toMatchObject({ exitCode: 0 })
    const refused = await decide()
    expect(refused.outcome).not.toBe('allow')
    const remedy = refused.remedies.find(({ cli }) => command.test(cli ?? ''))
    expect(remedy?.cli).toMatch(/ --reason "…"$/)
    expect(await paste(remedy?.cli ?? '')).toMatchObject({ exitCode: 0 })
    expect((await decide()).outcome).toBe('allow')
  })

  it.each([
    ['user', 'usr_eve'],
    ['app', 'bot'],
  ])('resumes and enables what is both suspended and disabled: %s', async (noun, id) => {
    expect((await decide()).outcome).toBe('allow')
    await admin([noun, 'suspend', id, ...WHY])
    await admin([noun, 'update', id, '-f', '-', ...WHY], JSON.stringify({ active: false }))
    const [remedy] = (await decide()).remedies
    for (const command of remedy?.cli?.split(' && ') ?? [])
      expect(await paste(command)).toMatchObject({ exitCode: 0 })
    expect((await decide()).outcome).toBe('allow')
  })
})
