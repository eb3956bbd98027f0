// A sample of an audit event, to test a receiver and its rules. It is sent by a stream and never recorded: its log,
// chain, id, actor and reason say that nothing happened.
import { buildAuditEvent } from '@crosswalk/as-core'
import type { EpochMs } from '@crosswalk/protocol'
import type { RecordedEvent } from '@crosswalk/storage'

/** No log has this name. */
export const TEST_LOG = 'test'

export function buildTestEvent(
  nowMs: EpochMs,
  { type, stream }: { type: string; stream: string },
): RecordedEvent {
  const built = buildAuditEvent(nowMs, {
    type,
    category: 'system',
    severity: 'info',
    outcome: 'success',
    actor: { kind: 'system', id: 'crosswalk-test' },
    target: { kind: 'audit_stream', id: stream },
    reason: 'Test event: nothing happened.',
  })
  const event = { ...built, id: `evt_test_${built.id.slice('evt_'.length)}` } as const
  return {
    log: TEST_LOG,
    chain: TEST_LOG,
    seq: 0,
    prevHash: '',
    hash: '',
    body: JSON.stringify(event),
    event,
  }
}
