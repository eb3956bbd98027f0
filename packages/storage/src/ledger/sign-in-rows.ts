// Converts records of the sign-in provider to database rows. An id is a token, a code or a cookie, so only its digest is
// stored, and secret members are sealed under the id.
import { digest, type SignInRecords } from '@crosswalk/as-core'

import type { SignInRecordTable } from '../schema/tables.ts'
import { renderPayload } from './sealed-payload.ts'

/** What an entry of the ledger changes. */
export interface SignInRows {
  readonly saved: readonly SignInRecordTable[]
  readonly consumed: readonly { readonly model: string; readonly id: string; readonly consumed_at: number }[]
}

export function buildSignInRows({ saved, consumed }: SignInRecords): SignInRows {
  return {
    saved: saved.map(buildSignInRow),
    consumed: consumed.map(({ model, id, at }) => ({ model, id: digest(id), consumed_at: at })),
  }
}

export function buildSignInRow({
  model,
  id,
  payload,
  expiresAt,
}: SignInRecords['saved'][number]): SignInRecordTable {
  return {
    model,
    id: digest(id),
    payload: renderPayload({ model, id }, payload),
    uid: text(payload['uid']),
    user_code: text(payload['userCode']),
    grant_id: text(payload['grantId']),
    expires_at: expiresAt ?? null,
    consumed_at: null,
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
