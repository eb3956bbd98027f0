// What issuers took back by security events, as far as it still matters: until no ID-JAG from before can be redeemed.
// Kept in memory for the redemption, which waits for nothing; told to other processes through storage.
import type { EpochSeconds } from '@crosswalk/protocol'

/** Of one authorization server; every member given must match. */
export interface ReceivedWithdrawal {
  /** Of the security event, for the record */
  readonly id: string
  readonly authorizationServer: string
  readonly issuer: string
  readonly tenant?: string | undefined
  /** `sub` of the ID-JAG */
  readonly subject?: string | undefined
  readonly clientId?: string | undefined
  /** Digest of the `jti` of the ID-JAG */
  readonly grantId?: string | undefined
  /** Any of them; undefined: whatever the ID-JAG is for */
  readonly resources?: readonly string[] | undefined
  /** ID-JAGs issued later are not meant */
  readonly issuedUntil: EpochSeconds
  /** Nothing from before is accepted any more */
  readonly expiresAt: EpochSeconds
}

export interface StoredWithdrawal extends ReceivedWithdrawal {
  /** In order of arrival, over all servers */
  readonly position: number
}

export interface ReceivedWithdrawalStore {
  /** Durable when resolved */
  add(withdrawals: readonly ReceivedWithdrawal[]): Promise<void>
  /** In order; `0` for all */
  listAfter(position: number): Promise<readonly StoredWithdrawal[]>
  /** Forgets what expired before `now`. */
  forgetExpired(now: EpochSeconds): Promise<void>
}
