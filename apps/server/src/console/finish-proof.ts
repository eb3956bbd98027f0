// The return from the sign-in page to a connection proof: which browser may continue it, and what other browsers are
// shown. `proofs/` decides what happens with the code.
import { ROUTES } from '@crosswalk/admin-api'
import { type Caller, isInScope, PROOF_COOKIE, type ProofRefusal, type Proofs } from '@crosswalk/control'

import { type CallerParts, findCallerOf } from './callers.ts'
import { renderPlainPage } from './shell.ts'

export interface FinishProofParts {
  readonly baseUrl: string
  readonly callers: CallerParts
  readonly proofs: Proofs
}

const TEXTS: Readonly<Record<ProofRefusal, readonly [title: string, text: string]>> = {
  unknown: [
    'This proof cannot continue',
    'It took longer than five minutes, or this response was already used. Nothing more was done. Start again from the connection.',
  ],
  'other-browser': [
    'This proof was started elsewhere',
    'It belongs to another browser, or to another session of the console. Nothing was done with this sign-in.',
  ],
  'not-allowed': [
    'Your console session has ended',
    'It ended during the proof, or you may no longer prove this connection. Nothing was done with this sign-in.',
  ],
}

export async function finishProof(
  request: Request,
  ip: string | undefined,
  { baseUrl, callers, proofs }: FinishProofParts,
): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const back = await proofs.finish({
    request,
    ip,
    answer: new URL(pathname + search, baseUrl),
    cookie: callers.cookies.read(request, PROOF_COOKIE),
    mayContinue: (caller, app) => mayContinue(caller, app, callers),
  })
  const response =
    'to' in back
      ? new Response(null, { status: 303, headers: { location: back.to, 'cache-control': 'no-store' } })
      : renderPlainPage(400, ...TEXTS[back.refusal])
  for (const cookie of back.cookies) response.headers.append('set-cookie', cookie)
  return response
}

/** Checked again: a role that was removed in the meantime permits no proof. */
async function mayContinue({ id, session }: Caller, app: string, callers: CallerParts): Promise<boolean> {
  const found = await findCallerOf(session, callers)
  if (typeof found === 'string' || found.caller.id !== id) return false
  const roles: readonly string[] = ROUTES['connections.prove'].roles
  return roles.includes(found.caller.role) && isInScope(found.caller, 'connections', { app })
}
