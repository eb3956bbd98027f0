// The nearest yes is true: the command that a refusal prints is run as it is printed, and then the answer is yes.
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

const admin = (args: readonly string[]) =>
  crosswalk([...args, '--server', server.baseUrl], {
    env: { CROSSWALK_ADMIN_TOKEN: 'an admin token of more than 32 characters' },
  })

async function simulate(): Promise<DecisionRecord> {
  const { out } = await admin([
    ...['simulate', '--app', AGENT.id, '--user', 'alice', '--audience', `${server.baseUrl}/as/vendor`],
    ...['--resource', TODO, '-o', 'json'],
  ])
  return JSON.parse(out) as DecisionRecord
}

/** As somebody would paste it into a shell. */
async function paste(line: string) {
  const [command] = findInPage(`\`\`\`sh\n${line}\n\`\`\`\n`)
  return admin(command?.words ?? [])
}

describe('the command of a remedy', () => {
  it.each([
    ['resumes a connection', ['connection', 'suspend', 'agent0-todo0']],
    ['resumes a person', ['user', 'suspend', 'usr_alice']],
    ['resumes an app', ['app', 'suspend', AGENT.id]],
    ['ends the block of a person', ['block', 'add', 'user', 'alice']],
    ['ends the block of everything', ['block', 'add', 'everything']],
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
