// Passkeys of users (WebAuthn): the options for the browser, and the verification of its answer. They are a second
// factor after the password, so user presence suffices, and no attestation is requested. `second-factor.ts` counts
// attempts and records refusals.
import { createHash } from 'node:crypto'

import type { LoggedEvent } from '@crosswalk/as-core'
import { accept, refuse, type Result, toDisplayName } from '@crosswalk/protocol'

import type { Passkey, User } from '../../ports.ts'
import type { SignInPorts } from '../contract.ts'
import { createPasskeyChallenges, type PasskeyChallenges } from './passkey-challenges.ts'
import { findRpId } from './passkey-host.ts'

/** Loaded with the first passkey, because its ASN.1 schemas take a tenth of the server's startup time. */
const loadWebAuthn = () => import('@simplewebauthn/server')

/** More than any user needs; limited because each is sent to the browser. */
export const MAX_PASSKEYS = 20
const LONGEST_NAME = 64
/** EdDSA, ES256, RS256 in COSE, which covers all authenticators */
const ALGORITHMS = [-8, -7, -257]

/** JSON for the browser's `PublicKeyCredential.parseRequestOptionsFromJSON` and its counterpart for creation. */
export type PasskeyOptions = Readonly<Record<string, unknown>>

export interface PasskeyVisit {
  readonly interactionId: string
  readonly user: User
}

export interface PasskeyAnswer extends PasskeyVisit {
  /** The browser's JSON */
  readonly response: string
}

interface NewPasskeyAnswer extends PasskeyAnswer {
  readonly name: string
  /** Builds the event that is stored with the passkey. */
  describe(passkey: Passkey): LoggedEvent
}

export interface Passkeys {
  /** @returns undefined if the user has no passkey for this host */
  ask(visit: PasskeyVisit): Promise<PasskeyOptions | undefined>
  /** @returns undefined if no further passkey can be created here */
  askForNew(visit: PasskeyVisit): Promise<PasskeyOptions | undefined>
  /** Consumes the answer. @returns the passkey, or why the answer is refused */
  verify(answer: PasskeyAnswer): Promise<Result<Passkey, string>>
  /** Adds the passkey. @returns it, or why the answer is refused */
  enrol(answer: NewPasskeyAnswer): Promise<Result<Passkey, string>>
}

export interface PasskeySite {
  /** Location of the pages: the only accepted origin and host */
  readonly baseUrl: string
  readonly displayName: string
}

interface Parts {
  readonly ports: SignInPorts
  readonly challenges: PasskeyChallenges
  readonly displayName: string
  readonly origin: string
  readonly rpId: string
}

export function createPasskeys(ports: SignInPorts, { baseUrl, displayName }: PasskeySite): Passkeys {
  const rpId = findRpId(baseUrl)
  if (rpId === undefined) return NONE
  const { origin } = new URL(baseUrl)
  const parts: Parts = { ports, challenges: createPasskeyChallenges(ports), displayName, origin, rpId }
  return {
    ask: (visit) => ask(visit, parts),
    askForNew: (visit) => askForNew(visit, parts),
    verify: (answer) => verify(answer, parts),
    enrol: (answer) => enrol(answer, parts),
  }
}

/** At an address for which browsers create no passkeys */
const NONE: Passkeys = {
  ask: async () => undefined,
  askForNew: async () => undefined,
  verify: async () => refuse('passkey-unavailable'),
  enrol: async () => refuse('passkey-unavailable'),
}

async function listHere({ ports, rpId }: Parts, userId: string): Promise<readonly Passkey[]> {
  return (await ports.secondFactors.listPasskeys(userId)).filter((passkey) => passkey.rpId === rpId)
}

function describeCredential({ id, transports }: Passkey) {
  return { id, transports: [...transports] as never[] }
}

async function ask({ interactionId, user }: PasskeyVisit, parts: Parts): Promise<PasskeyOptions | undefined> {
  const passkeys = await listHere(parts, user.id)
  if (passkeys.length === 0) return undefined
  const { generateAuthenticationOptions } = await loadWebAuthn()
  const options = await generateAuthenticationOptions({
    rpID: parts.rpId,
    allowCredentials: passkeys.map(describeCredential),
    userVerification: 'preferred',
  })
  await parts.challenges.keep(options.challenge, { kind: 'ask', interactionId, userId: user.id })
  return { ...options }
}

async function askForNew(
  { interactionId, user }: PasskeyVisit,
  parts: Parts,
): Promise<PasskeyOptions | undefined> {
  const passkeys = await listHere(parts, user.id)
  if (passkeys.length >= MAX_PASSKEYS) return undefined
  const { generateRegistrationOptions } = await loadWebAuthn()
  const options = await generateRegistrationOptions({
    rpName: parts.displayName,
    rpID: parts.rpId,
    userName: user.username,
    userDisplayName: user.name ?? user.username,
    userID: buildUserHandle(user.id),
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: passkeys.map(describeCredential),
    // The account is already known, so do not use storage on security keys.
    authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
  })
  await parts.challenges.keep(options.challenge, { kind: 'new', interactionId, userId: user.id })
  return { ...options }
}

/** Always the same for a user, without identifying them (WebAuthn level 3 section 14.6.1). */
function buildUserHandle(userId: string) {
  return new Uint8Array(createHash('sha256').update(`crosswalk user ${userId}`).digest())
}

async function verify(
  { interactionId, user, response }: PasskeyAnswer,
  parts: Parts,
): Promise<Result<Passkey, string>> {
  const { ports, challenges, origin, rpId } = parts
  const answer = parseAnswer(response)
  if (answer === undefined) return refuse('no-passkey-answer')
  const passkey = (await listHere(parts, user.id)).find(({ id }) => id === answer.id)
  if (passkey === undefined) return refuse('unknown-passkey')
  const { id, counter: seenCounter, publicKey, transports } = passkey
  const { verifyAuthenticationResponse } = await loadWebAuthn()
  const judged = await challenges.judge(
    { kind: 'ask', interactionId, userId: user.id },
    (expectedChallenge) =>
      verifyAuthenticationResponse({
        response: answer as never,
        expectedChallenge,
        expectedOrigin: origin,
        expectedRPID: rpId,
        requireUserVerification: false,
        credential: {
          id,
          publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')),
          counter: seenCounter,
          transports: [...transports] as never[],
        },
      }),
  )
  if (!judged.accepted) return judged
  if (!judged.value.verified) return refuse('wrong-passkey')
  const use = {
    id,
    seenCounter,
    counter: judged.value.authenticationInfo.newCounter,
    at: ports.clock.nowMs(),
  }
  return (await ports.secondFactors.usePasskey(user.id, use)) ? accept(passkey) : refuse('used-meanwhile')
}

async function enrol(
  { interactionId, user, response, name, describe }: NewPasskeyAnswer,
  parts: Parts,
): Promise<Result<Passkey, string>> {
  const { ports, challenges, origin, rpId } = parts
  const answer = parseAnswer(response)
  if (answer === undefined) return refuse('no-passkey-answer')
  if ((await listHere(parts, user.id)).length >= MAX_PASSKEYS) return refuse('too-many-passkeys')
  const { verifyRegistrationResponse } = await loadWebAuthn()
  const judged = await challenges.judge(
    { kind: 'new', interactionId, userId: user.id },
    (expectedChallenge) =>
      verifyRegistrationResponse({
        response: answer as never,
        expectedChallenge,
        expectedOrigin: origin,
        expectedRPID: rpId,
        requireUserVerification: false,
        supportedAlgorithmIDs: ALGORITHMS,
      }),
  )
  if (!judged.accepted) return judged
  if (!judged.value.verified) return refuse('wrong-passkey')
  const { credential, credentialDeviceType } = judged.value.registrationInfo
  const passkey: Passkey = {
    id: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    transports: credential.transports ?? [],
    synced: credentialDeviceType === 'multiDevice',
    rpId,
    name: toDisplayName(name, LONGEST_NAME) ?? 'Passkey',
    createdAt: ports.clock.nowMs(),
  }
  const added = await ports.secondFactors.addPasskey(user.id, passkey, describe(passkey))
  return added ? accept(passkey) : refuse('known-passkey')
}

function parseAnswer(text: string): { readonly id: string } | undefined {
  try {
    const answer: unknown = JSON.parse(text)
    const { id } = (answer ?? {}) as { id?: unknown }
    return typeof id === 'string' ? (answer as { readonly id: string }) : undefined
  } catch {
    return undefined
  }
}

/** The names of the CAEP event `credential-change` (section 3.3.1). */
export function nameCredentialType({ transports }: Pick<Passkey, 'transports'>): string {
  return transports.includes('internal') ? 'fido2-platform' : 'fido2-roaming'
}
