// The conversation with another identity provider, whatever it speaks: a user is sent there, and comes back with an
// answer. Who the user is here is decided elsewhere.
import type { Result } from '@crosswalk/protocol'

/** What it says of a user; `sub` is their name there. */
export type UpstreamClaims = Readonly<Record<string, unknown>> & { readonly sub: string }

/** What is kept between sending a user there and their return; the rest of it is known to the client alone. */
export interface PendingSignIn {
  /** Comes back with the answer */
  readonly state: string
}

export interface UpstreamRequest {
  readonly redirectUri: string
  /** The user has to prove again who they are */
  readonly forceLogin: boolean
  readonly maxAgeSeconds?: number | undefined
  /** Contexts of which one is wanted */
  readonly acrValues?: readonly string[] | undefined
  readonly loginHint?: string | undefined
}

export interface UpstreamAnswer {
  /** About this sign-in: subject, `acr`, `amr`, `auth_time` */
  readonly signIn: UpstreamClaims
  /** About the user, too */
  readonly all: UpstreamClaims
}

/** `declined`: it answered that it signed no one in, told in `error`. `failed`: it, or its answer, is not right; `detail` is for operators. */
export type UpstreamRefusal =
  | { readonly reason: 'declined'; readonly error: string }
  | { readonly reason: 'failed'; readonly detail: string }

export interface UpstreamClient<P extends PendingSignIn = PendingSignIn> {
  /** How the browser brings the answer to the redirect URI, and the member of it that holds the state */
  readonly returns: { readonly method: 'GET' | 'POST'; readonly state: string }
  begin(request: UpstreamRequest): Promise<Result<{ url: string; pending: P }, UpstreamRefusal>>
  /** @param returned - the redirect URI with what came back to it as parameters */
  complete(returned: URL, pending: P): Promise<Result<UpstreamAnswer, UpstreamRefusal>>
  /** @returns where to sign out there, undefined where it has no such page or cannot be asked */
  findSignOutUrl(): Promise<string | undefined>
  /** What to register there, as a document, where there is such a thing */
  describe?(redirectUri: string): string
}

/** Between its clock and ours */
export const CLOCK_TOLERANCE_SECONDS = 30
