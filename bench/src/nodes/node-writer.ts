// The ledger of one node: records redemptions as fast as the database responds, a few at a time.
import { randomUUID } from 'node:crypto'

import type { LedgerEntry } from '@crosswalk/as-core'
import { openStorage } from '@crosswalk/storage'

import type { NodeResult, RunNode } from './messages.ts'

const [url = ''] = process.argv.slice(2)
let batches = 0
const storage = await openStorage(url, { poolSize: 2, onBatch: () => (batches += 1) })

/** What a redemption records: event, replay key and token */
function buildRedemption(): LedgerEntry {
  const id = randomUUID()
  const now = Date.now()
  return {
    log: 'as:todo0',
    definedAt: 0,
    event: {
      schema: 'xaa.event/v1',
      id: `evt_${id}`,
      time: new Date(now).toISOString(),
      type: 'token.redeemed',
      category: 'decision',
      severity: 'info',
      outcome: 'allow',
      actor: { kind: 'agent', id: 'agent0' },
      decision_id: `dec_${id}`,
      reason: 'x'.repeat(1_000),
    },
    replayKeys: [{ kind: 'id-jag', key: id, expiresAt: now / 1000 + 300 }],
    accessToken: {
      id,
      authorizationServer: 'todo0',
      format: 'jwt',
      clientId: 'agent0',
      accountId: 'acc_alice',
      issuer: 'https://idp.example',
      issuerSubject: 'alice',
      grantId: id,
      grantIssuedAt: now / 1000,
      resource: ['https://todo0.example/'],
      scope: ['todos.read'],
      issuedAt: now / 1000,
      expiresAt: now / 1000 + 600,
      decisionId: `dec_${id}`,
    },
  }
}

async function run({ milliseconds, inFlight }: RunNode): Promise<NodeResult> {
  const until = performance.now() + milliseconds
  const before = batches
  let entries = 0
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (performance.now() < until) {
        const { committed } = await storage.ledger.commit(buildRedemption())
        if (!committed) throw new Error('a fresh redemption was not recorded')
        entries += 1
      }
    }),
  )
  return { entries, batches: batches - before }
}

process.on('message', (message: RunNode) => void run(message).then((ran) => process.send?.(ran)))
process.send?.('ready')
