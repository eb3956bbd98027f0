// The interface to another identity provider, whatever its protocol: sends a user there and reads the response.
// Matching the user with a local one happens elsewhere.
import type { Result } from '@crosswalk/protocol'

/** Its claims about a user; `sub` identifies the user there. */
export type UpstreamClaims = Readonly<Record<string, unknown>> & { readonly sub: string }

/** State between sending a user there and their return; each client adds its own members. */
export interface PendingSignIn {
  /** Returned with the response */
  readonly state: string
}

export interface UpstreamRequest {
  readonly redirectUri: string
  /** The user must authenticate again */
  readonly forceLogin: boolean
  readonly maxAgeSeconds?: number | undefined
  /** Requested contexts; any one of them suffices */
  readonly acrValues?: readonly string[] | undefined
  readonly loginHint?: string | undefined
}

export interface UpstreamAnswer {
  /** Claims about this sign-in: subject, `acr`, `amr`, `auth_time`, `session_expiry` */
  readonly signIn: UpstreamClaims
  /** Including claims about the user */
  readonly all: UpstreamClaims
}

/**
 * `declined`: it did not sign in the user, with `error`. `failed`: the provider or its response is faulty; `detail` is
 * for operators.
 */
export type UpstreamRefusal =
  | { readonly reason: 'declined'; readonly error: string }
  | { readonly reason: 'failed'; readonly detail: string }

export interface UpstreamClient<P extends PendingSignIn = PendingSignIn> {
  /** How the browser returns to the redirect URI, and which response parameter holds the state */
  readonly returns: { readonly method: 'GET' | 'POST'; readonly state: string }
  begin(request: UpstreamRequest): Promise<Result<{ url: string; pending: P }, UpstreamRefusal>>
  /** @param returned - the redirect URI with the response parameters */
  complete(returned: URL, pending: P): Promise<Result<UpstreamAnswer, UpstreamRefusal>>
  /** @returns where to sign out there; undefined if it has no such page or is unreachable */
  findSignOutUrl(): Promise<string | undefined>
  /** Document for registering this server there, if the protocol has one */
  describe?(redirectUri: string): string
}

/** Tolerated difference between its clock and ours */
export const CLOCK_TOLERANCE_SECONDS = 30
