// Sample entries and events for the contract suite: complete, plain, and made distinct by their number.
import type {
  AccessTokenOrigin,
  AuditEvent,
  LedgerEntry,
  NewAccount,
  OutgoingSecurityEvent,
  ReplayKey,
  StoredKey,
} from '@crosswalk/as-core'

export const START_MS = Date.parse('2026-03-01T12:00:00.000Z')

/** An event `number` milliseconds after the start. */
export function sampleEvent(number: number, override: Partial<AuditEvent> = {}): AuditEvent {
  return {
    schema: 'xaa.event/v1',
    id: `evt_${String(number).padStart(8, '0')}`,
    time: new Date(START_MS + number).toISOString(),
    type: 'idjag.issued',
    category: 'decision',
    severity: 'info',
    outcome: 'allow',
    code: 'XAA1000',
    actor: { kind: 'agent', id: 'agent0', client_id: 'agent0' },
    on_behalf_of: { user_ref: 'usr_alice' },
    delegation: { connection: 'agent0-todo0', issuer: 'https://idp.test', grant_id: `grant-${number}` },
    decision_id: `dec_${number}`,
    trace_id: `trace-${number}`,
    ...override,
  }
}

export function sampleReplayKey(key: string, override: Partial<ReplayKey> = {}): ReplayKey {
  return { kind: 'id-jag', key, expiresAt: START_MS / 1000 + 330, ...override }
}

export function sampleEntry(number: number, override: Partial<LedgerEntry> = {}): LedgerEntry {
  return { log: 'idp', event: sampleEvent(number), ...override }
}

export function sampleToken(number: number, override: Partial<AccessTokenOrigin> = {}): AccessTokenOrigin {
  return {
    id: `tok-${number}`,
    authorizationServer: 'todo0',
    format: 'jwt',
    clientId: 'agent0-at-todo0',
    accountId: 'acc_alice',
    issuer: 'https://idp.test',
    issuerSubject: 'usr_alice',
    grantId: `grant-${number}`,
    grantIssuedAt: START_MS / 1000 - 2,
    resource: ['http://127.0.0.1:4001/mcp'],
    scope: ['todos.read'],
    issuedAt: START_MS / 1000,
    expiresAt: START_MS / 1000 + 600,
    decisionId: `dec_${number}`,
    ...override,
  }
}

export function sampleAccount(id: string, override: Partial<NewAccount> = {}): NewAccount {
  return {
    id,
    authorizationServer: 'todo0',
    issuer: 'https://idp.test',
    subject: `subject-of-${id}`,
    emailVerified: false,
    createdAt: START_MS,
    ...override,
  }
}

export function sampleKey(kid: string, override: Partial<StoredKey> = {}): StoredKey {
  return {
    kid,
    owner: 'idp',
    purpose: 'id-jag',
    algorithm: 'ES256',
    publicJwk: { kty: 'EC', kid },
    sealedPrivateJwk: `sealed-${kid}`,
    state: 'current',
    createdAt: START_MS,
    ...override,
  }
}

export function sampleSecurityEvent(stream: string, number: number): OutgoingSecurityEvent {
  return {
    id: `jti-${number}`,
    stream,
    claims: { jti: `jti-${number}`, events: { 'urn:test': { number } } },
    createdAt: START_MS + number,
  }
}
