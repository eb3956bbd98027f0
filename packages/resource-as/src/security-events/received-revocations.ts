// Revocations from security events, until no affected ID-JAG or sign-in is accepted any longer. Kept in memory, so that
// redemption does not wait; storage shares them with other processes.
import { grantIdOf } from '@crosswalk/as-core'
import type { EpochSeconds } from '@crosswalk/protocol'

import type { Target } from './find-target.ts'

/** Of one authorization server; every member that is set must match. */
export interface ReceivedRevocation extends Target {
  /** Of the security event, for the record */
  readonly id: string
  readonly authorizationServer: string
  readonly issuer: string
  /** Matches any of them; undefined: every resource */
  readonly resources?: readonly string[] | undefined
  /** Access tokens stay live: a connection was suspended */
  readonly onlyIdJags?: true | undefined
  /** Only sign-ins for the authorization code flow, with their codes and tokens: the user's ID-JAGs end by their ids */
  readonly onlySignIns?: true | undefined
  /** ID-JAGs issued later are not affected */
  readonly issuedUntil: EpochSeconds
  /** No affected ID-JAG or sign-in is accepted after this time */
  readonly expiresAt: EpochSeconds
  /** The event may be repeated until then, and keeps its original effect */
  readonly rememberedUntil: EpochSeconds
}

export interface StoredRevocation extends ReceivedRevocation {
  /** In order of arrival, over all servers */
  readonly position: number
}

export interface ReceivedRevocationStore {
  /** Durable when resolved */
  add(revocations: readonly ReceivedRevocation[]): Promise<void>
  /** In order; `0` for all. One that is found later has a higher position. */
  listAfter(position: number): Promise<readonly StoredRevocation[]>
  listOf(authorizationServer: string, eventId: string): Promise<readonly StoredRevocation[]>
  /** Deletes those with `expiresAt` and `rememberedUntil` before `now`. */
  forgetExpired(now: EpochSeconds): Promise<void>
}

export interface ReceivedRevocations {
  /**
   * Active and durable when resolved. An event that was received before keeps its original effect: a repetition does
   * not affect later grants.
   *
   * @returns the active revocations, in the given order
   */
  add(revocations: readonly ReceivedRevocation[]): Promise<readonly ReceivedRevocation[]>
  /**
   * @param accountId - the account that the ID-JAG leads to, because an event may name that instead of a subject
   * @returns the id of the event that revoked this ID-JAG; from memory
   */
  find(server: string, idJag: Readonly<Record<string, unknown>>, accountId?: string): string | undefined
  /** The same for a sign-in, or an authorization code, described like an ID-JAG */
  findOfSignIn(
    server: string,
    signIn: Readonly<Record<string, unknown>>,
    accountId?: string,
  ): string | undefined
  /**
   * Loads what other processes received, and what was received before the start.
   * @returns the new ones
   */
  refresh(now: EpochSeconds): Promise<readonly ReceivedRevocation[]>
  /** Deletes what expired before `now`, in memory and in the store. */
  forgetExpired(now: EpochSeconds): Promise<void>
}

export function createReceivedRevocations(store: ReceivedRevocationStore): ReceivedRevocations {
  const byPlace = new Map<string, ReceivedRevocation[]>()
  const byName = new Map<string, ReceivedRevocation>()
  let last = 0

  /**
   * A repeated event must not fill the memory.
   * @returns the active revocation with this name
   */
  function install(revocation: ReceivedRevocation): ReceivedRevocation {
    const name = nameOf(revocation)
    const installed = byName.get(name)
    if (installed !== undefined) return installed
    byName.set(name, revocation)
    const place = placeOf(revocation.authorizationServer, revocation)
    const list = byPlace.get(place)
    if (list === undefined) byPlace.set(place, [revocation])
    else list.push(revocation)
    return revocation
  }

  /** @returns the revocations as first received, by any process; undefined for new ones */
  async function findFirst(
    revocations: readonly ReceivedRevocation[],
  ): Promise<readonly (ReceivedRevocation | undefined)[]> {
    const events = new Map(revocations.map((one) => [JSON.stringify([one.authorizationServer, one.id]), one]))
    const stored = await Promise.all(
      [...events.values()].map(({ authorizationServer, id }) => store.listOf(authorizationServer, id)),
    )
    const first = new Map(
      stored
        .flat()
        .toReversed()
        .map((one) => [nameOf(one), dropPosition(one)]),
    )
    return revocations.map((one) => first.get(nameOf(one)))
  }

  function findAll(
    server: string,
    grant: Readonly<Record<string, unknown>>,
    accountId: string | undefined,
  ): readonly ReceivedRevocation[] {
    if (byPlace.size === 0) return []
    const issuer = String(grant.iss)
    const places = [
      placeOf(server, { issuer, subject: String(grant.sub) }),
      placeOf(server, { issuer }),
      ...(accountId === undefined ? [] : [placeOf(server, { issuer, accountId })]),
    ]
    return places
      .flatMap((place) => byPlace.get(place) ?? [])
      .filter((revocation) => covers(revocation, grant))
  }

  return {
    async add(revocations) {
      const first = await findFirst(revocations)
      const inForce = revocations.map((revocation, index) => install(first[index] ?? revocation))
      await store.add(inForce.filter((_, index) => first[index] === undefined))
      return inForce
    },
    find: (server, idJag, accountId) =>
      findAll(server, idJag, accountId).find(({ onlySignIns }) => onlySignIns !== true)?.id,
    findOfSignIn: (server, signIn, accountId) => findAll(server, signIn, accountId)[0]?.id,
    async refresh(now) {
      const stored = await store.listAfter(last)
      const fresh = stored.filter(({ expiresAt }) => expiresAt >= now)
      last = stored.at(-1)?.position ?? last
      const foreign = fresh.filter((revocation) => !byName.has(nameOf(revocation))).map(dropPosition)
      foreign.forEach(install)
      return foreign
    },
    async forgetExpired(now) {
      const lives = ({ expiresAt }: ReceivedRevocation) => expiresAt >= now
      for (const [place, list] of byPlace) {
        const rest = list.filter(lives)
        if (rest.length === 0) byPlace.delete(place)
        else byPlace.set(place, rest)
      }
      for (const [name, revocation] of byName) if (!lives(revocation)) byName.delete(name)
      await store.forgetExpired(now)
    },
  }
}

function dropPosition({ position: _, ...revocation }: StoredRevocation): ReceivedRevocation {
  return revocation
}

function placeOf(
  server: string,
  { issuer, subject, accountId }: Pick<ReceivedRevocation, 'issuer' | 'subject' | 'accountId'>,
): string {
  return JSON.stringify([server, issuer, subject ?? null, accountId ?? null])
}

/** One event may have several revocations; their names do not depend on the time of receipt. */
function nameOf(revocation: ReceivedRevocation): string {
  const { id, authorizationServer, issuer, tenant, subject, clientId, accountId, grantId } = revocation
  const { resources, onlyIdJags, onlySignIns } = revocation
  return JSON.stringify([
    id,
    authorizationServer,
    issuer,
    tenant,
    subject,
    clientId,
    accountId,
    grantId,
    resources,
    onlyIdJags,
    onlySignIns,
  ])
}

function covers(
  { tenant, clientId, grantId, resources, issuedUntil }: ReceivedRevocation,
  idJag: Readonly<Record<string, unknown>>,
): boolean {
  const asked = idJag.resource === undefined ? undefined : [idJag.resource].flat()
  return (
    (tenant === undefined || idJag.tenant === tenant) &&
    (clientId === undefined || idJag.client_id === clientId) &&
    (grantId === undefined || grantIdOf(String(idJag.jti)) === grantId) &&
    (resources === undefined || asked === undefined || resources.some((one) => asked.includes(one))) &&
    // A grant without an issue time may be an affected one.
    !(typeof idJag.iat === 'number' && idJag.iat > issuedUntil)
  )
}
