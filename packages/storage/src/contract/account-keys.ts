// The contract of unique accounts: of new accounts that share an identifier, at any number of processes, one is created.
// A database with accounts from before, which may share one, still opens.
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'

import type { LedgerOutcome, NewAccount } from '@crosswalk/as-core'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { openStorage } from '../open-storage.ts'
import type { Storage } from '../storage.ts'
import { useStorage } from './fixture.ts'
import { runStatement } from './run-statement.ts'
import { sampleAccount, sampleEntry, sampleReplayKey, sampleToken } from './samples.ts'

const ALICE = { issuer: 'https://idp.test', subject: 'alice' }
const TAKEN: LedgerOutcome = { committed: false, accountTaken: true }

type Way = readonly [name: string, commitBoth: (accounts: readonly NewAccount[]) => Promise<LedgerOutcome[]>]

function entryFor(account: NewAccount) {
  return sampleEntry(1, {
    log: account.id,
    account,
    accessToken: sampleToken(1, { id: account.id, clientId: account.id }),
    replayKeys: [sampleReplayKey(account.id)],
  })
}

export function describeAccountKeys(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)
  const commitAt = (storage: Storage, account: NewAccount) => storage.ledger.commit(entryFor(account))

  const WAYS: readonly Way[] = [
    [
      'one after the other',
      async (accounts) => {
        const outcomes = []
        for (const account of accounts) outcomes.push(await commitAt(fixture.storage, account))
        return outcomes
      },
    ],
    [
      'in one batch',
      (accounts) => Promise.all(accounts.map((account) => commitAt(fixture.storage, account))),
    ],
    [
      'at the same time in two processes',
      async (accounts) => {
        const processes = await Promise.all(accounts.map(() => fixture.openAgain()))
        return Promise.all(processes.map((storage, index) => commitAt(storage, accounts[index]!)))
      },
    ],
  ]

  /** @returns whether nothing of the entry was written: event, token, account and replay key */
  async function isUnwritten({ id, authorizationServer }: NewAccount): Promise<boolean> {
    const { accounts, events, ledger, accessTokens } = fixture.storage
    const { events: count } = (await events.verify(id)) as { events: number }
    const token = await accessTokens.find('todo0', id)
    const account = await accounts.findById(authorizationServer, id)
    const used = await ledger.consume([sampleReplayKey(id)])
    return count === 0 && token === undefined && account === undefined && used === undefined
  }

  describe.each<[string, one: Partial<NewAccount>, other: Partial<NewAccount>, created: number]>([
    ['the same own id', { audSub: 'u-1' }, { audSub: 'u-1' }, 1],
    ['different own ids', { audSub: 'u-1' }, { audSub: 'u-2' }, 2],
    ['the same SAML name', { subIdKey: 'digest' }, { subIdKey: 'digest' }, 1],
    [
      'the same verified address, in different case',
      { email: 'Ann@acme.test', emailVerified: true },
      { email: 'ann@acme.test', emailVerified: true },
      1,
    ],
    [
      'the same address, verified once',
      { email: 'ann@acme.test', emailVerified: true },
      { email: 'ann@acme.test' },
      2,
    ],
    ['the same issuer and subject', { subject: 'ann' }, { subject: 'ann' }, 1],
    [
      'the same own id at different servers',
      { audSub: 'u-1' },
      { audSub: 'u-1', authorizationServer: 'b' },
      2,
    ],
  ])('of two new accounts with %s', (name, one, other, created) => {
    test.each(WAYS)(`${created} is created: %s`, async (way, commitBoth) => {
      const server = `${name} ${way}`
      const accounts = [one, other].map(({ authorizationServer = 'a', ...change }, index) =>
        sampleAccount(`${server} ${index}`, {
          ...change,
          authorizationServer: `${authorizationServer} ${server}`,
        }),
      )
      const outcomes = await commitBoth(accounts)
      expect(outcomes.filter(({ committed }) => committed)).toHaveLength(created)
      for (const [index, outcome] of outcomes.entries()) {
        if (!outcome.committed) expect(outcome).toEqual(TAKEN)
        expect(await isUnwritten(accounts[index]!)).toBe(!outcome.committed)
      }
    })
  })

  test('a batch with such an account writes all its other entries', async () => {
    const accounts = ['u-1', 'u-2', 'u-1', 'u-3'].map((audSub, index) =>
      sampleAccount(`batch-${index}`, { authorizationServer: 'batch', audSub }),
    )
    const outcomes = await Promise.all(accounts.map((account) => commitAt(fixture.storage, account)))
    expect(outcomes.map(({ committed }) => committed)).toEqual([true, true, false, true])
  })

  test('opens a database whose accounts share identifiers, finds all of them, and allows no more', async () => {
    const url = await kind.create()
    await (await openStorage(url)).close()
    for (const index of ['own_id', 'verified_email', 'sub_id'])
      await runStatement(url, sql.raw(`drop index accounts_unique_${index}`))
    await runStatement(url, sql`alter table accounts drop column shares_identifier`)
    await runStatement(url, sql`drop table account_links`)
    await runStatement(url, sql`delete from crosswalk_migrations where name >= '0009-account-keys'`)
    const add = (id: string, { audSub, subIdKey, email, emailVerified }: Partial<NewAccount>) =>
      runStatement(
        url,
        sql`insert into accounts (id, authorization_server, issuer, tenant, subject, aud_sub, sub_id_key, email, email_lower,
          email_verified, status, created_at) values (${id}, 'todo0', 'https://idp.test', '', ${id}, ${audSub ?? null},
          ${subIdKey ?? null}, ${email ?? null}, ${email ?? null}, ${emailVerified === true ? 1 : 0}, 'active', 1)`,
      )
    await add('own-1', { audSub: 'u-1' })
    await add('own-2', { audSub: 'u-1' })
    await add('own-3', { audSub: 'u-3' })
    await add('name-1', { subIdKey: 'digest' })
    await add('name-2', { subIdKey: 'digest' })
    await add('mail-1', { email: 'ann@acme.test', emailVerified: true })
    await add('mail-2', { email: 'ann@acme.test', emailVerified: true })
    await add('mail-3', { email: 'ann@acme.test' })
    await add('mail-4', { email: 'bob@acme.test', emailVerified: true })
    const storage = await openStorage(url)
    try {
      const { accounts } = storage
      const idsOf = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id).toSorted()
      expect(idsOf(await accounts.findByOwnId('todo0', 'u-1', ALICE))).toEqual(['own-1', 'own-2'])
      expect(idsOf(await accounts.findBySubId('todo0', 'digest'))).toEqual(['name-1', 'name-2'])
      expect(idsOf(await accounts.findByVerifiedEmail('todo0', 'ann@acme.test', ALICE))).toEqual([
        'mail-1',
        'mail-2',
      ])
      const outcomes = await Promise.all(
        [
          sampleAccount('new-1', { audSub: 'u-3' }),
          sampleAccount('new-2', { email: 'BOB@acme.test', emailVerified: true }),
          sampleAccount('new-3', { audSub: 'u-4' }),
        ].map((account) => commitAt(storage, account)),
      )
      expect(outcomes.map(({ committed }) => committed)).toEqual([false, false, true])
    } finally {
      await storage.close()
    }
  })
}
