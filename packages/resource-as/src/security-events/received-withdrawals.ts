// What issuers took back by security events, as far as it still matters: until no ID-JAG from before can be redeemed.
// Kept in memory for the redemption, which waits for nothing; told to other processes through storage.
import { digest } from '@crosswalk/authorization-server'
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

export interface ReceivedWithdrawals {
  /** In force here and durable when resolved; what was added before is passed over */
  add(withdrawals: readonly ReceivedWithdrawal[]): Promise<void>
  /** @returns the id of the event by which this ID-JAG was taken back; from memory */
  find(server: string, idJag: Readonly<Record<string, unknown>>): string | undefined
  /** Takes over what other processes received. @returns what was new */
  refresh(): Promise<readonly ReceivedWithdrawal[]>
  /** Forgets what expired before `now`, here and in the store. */
  forgetExpired(now: EpochSeconds): Promise<void>
}

/** Transactions end in another order than their numbers say: looked at again, so that none is missed. */
const OVERLAP = 200

export function createReceivedWithdrawals(store: ReceivedWithdrawalStore): ReceivedWithdrawals {
  const byPlace = new Map<string, ReceivedWithdrawal[]>()
  const known = new Map<number, ReceivedWithdrawal>()
  const own = new Set<string>()
  let last = 0

  function install(withdrawal: ReceivedWithdrawal): void {
    const place = placeOf(withdrawal.authorizationServer, withdrawal.issuer, withdrawal.subject)
    const list = byPlace.get(place)
    if (list === undefined) byPlace.set(place, [withdrawal])
    else list.push(withdrawal)
  }

  /** An event that is sent again and again must not fill the memory. */
  function isKnown({ authorizationServer, issuer, subject, ...rest }: ReceivedWithdrawal): boolean {
    const list = byPlace.get(placeOf(authorizationServer, issuer, subject)) ?? []
    return list.some((one) => one.id === rest.id && one.clientId === rest.clientId)
  }

  return {
    async add(withdrawals) {
      const fresh = withdrawals.filter((withdrawal) => !isKnown(withdrawal))
      for (const withdrawal of fresh) {
        install(withdrawal)
        own.add(nameOf(withdrawal))
      }
      await store.add(fresh)
    },
    find(server, idJag) {
      if (byPlace.size === 0) return undefined
      const { iss, sub } = idJag
      const ofUser = byPlace.get(placeOf(server, String(iss), String(sub)))
      const ofAll = byPlace.get(placeOf(server, String(iss), undefined))
      return [...(ofUser ?? []), ...(ofAll ?? [])].find((withdrawal) => covers(withdrawal, idJag))?.id
    },
    async refresh() {
      const stored = await store.listAfter(Math.max(0, last - OVERLAP))
      const fresh = stored.filter(({ position }) => !known.has(position))
      for (const { position, ...withdrawal } of fresh) known.set(position, withdrawal)
      last = Math.max(last, stored.at(-1)?.position ?? 0)
      const foreign = fresh.filter((withdrawal) => !own.delete(nameOf(withdrawal)))
      foreign.forEach(install)
      return foreign
    },
    async forgetExpired(now) {
      const lives = ({ expiresAt }: ReceivedWithdrawal) => expiresAt >= now
      for (const [place, list] of byPlace) {
        const rest = list.filter(lives)
        if (rest.length === 0) byPlace.delete(place)
        else byPlace.set(place, rest)
      }
      for (const [position, withdrawal] of known) if (!lives(withdrawal)) known.delete(position)
      await store.forgetExpired(now)
    },
  }
}

function placeOf(server: string, issuer: string, subject: string | undefined): string {
  return JSON.stringify([server, issuer, subject ?? null])
}

/** One event may take back several things. */
function nameOf({ position: _, ...withdrawal }: ReceivedWithdrawal & { readonly position?: number }): string {
  return JSON.stringify(withdrawal)
}

function covers(
  { tenant, clientId, grantId, resources, issuedUntil }: ReceivedWithdrawal,
  idJag: Readonly<Record<string, unknown>>,
): boolean {
  const asked = idJag.resource === undefined ? undefined : [idJag.resource].flat()
  return (
    (tenant === undefined || idJag.tenant === tenant) &&
    (clientId === undefined || idJag.client_id === clientId) &&
    (grantId === undefined || digest(String(idJag.jti)) === grantId) &&
    (resources === undefined || asked === undefined || resources.some((one) => asked.includes(one))) &&
    // A grant that does not say when it was made may be from before.
    !(typeof idJag.iat === 'number' && idJag.iat > issuedUntil)
  )
}
