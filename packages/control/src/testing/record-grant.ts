// Records the event of an ID-JAG, for tests of what is concluded from use.
import type { EpochMs } from '@crosswalk/protocol'
import type { Storage } from '@crosswalk/storage'

export async function recordGrant(
  { ledger }: Pick<Storage, 'ledger'>,
  connection: string,
  at: EpochMs,
  scopes: readonly string[] = ['read'],
): Promise<void> {
  const id = `${connection}-${at}`
  await ledger.commit({
    log: 'idp',
    event: {
      ...{ schema: 'xaa.event/v1', id: `evt_${id}`, time: new Date(at).toISOString() },
      ...{ type: 'idjag.issued', category: 'decision', severity: 'info', outcome: 'allow' },
      ...{ code: 'XAA1000', actor: { kind: 'agent', id: 'agent0' }, on_behalf_of: { user_ref: 'usr_bob' } },
      ...{ delegation: { connection, grant_id: `grant-${id}` }, decision_id: `dec_${id}` },
      ...{ trace_id: 'trc', action: { verb: 'x', scopes_granted: scopes } },
    },
  } as never)
}
