// Observes the redemption of an authorization code: its sealed content, and the account it names. Reports facts only.
import { createHash } from 'node:crypto'

import { type CallerFacts, findRepeated, type TokenRequest } from '@crosswalk/as-core'
import type { CodeFacts } from '@crosswalk/policy'

import { openCode, type SealedCode } from '../../authorization/codes.ts'
import { describeAccount } from '../../authorization/signed-in.ts'
import type { CodeDependencies } from '../../dependencies.ts'

export interface ObservedCode extends CodeFacts {
  readonly code: SealedCode | undefined
}

export async function observeCode(
  request: TokenRequest,
  caller: CallerFacts,
  deps: CodeDependencies,
): Promise<ObservedCode> {
  const { client } = caller
  const { id: server } = deps.snapshot()
  const text = request.form.get('code')
  const isKnown = client.state === 'authenticated'
  const code = isKnown && text !== undefined ? openCode(text, { ...deps, server }) : undefined
  return {
    ...caller,
    describedClient: isKnown ? deps.describedClients?.find(client.clientId) : undefined,
    request: readRequest(request),
    code,
    ...(await lookUpAccount(code, server, deps)),
    replayed: false,
  }
}

function readRequest({ form }: TokenRequest): CodeFacts['request'] {
  const verifier = form.get('code_verifier')
  return {
    hasCode: form.get('code') !== undefined,
    redirectUri: form.get('redirect_uri'),
    challenge: verifier === undefined ? undefined : digestVerifier(verifier),
    resource: form.all('resource'),
    problems: findRepeated(form, ['resource']),
  }
}

/** @see RFC 7636 section 4.6; a verifier that violates section 4.1 matches nothing */
function digestVerifier(verifier: string): string {
  return /^[\w.~-]{43,128}$/.test(verifier) ? createHash('sha256').update(verifier).digest('base64url') : ''
}

/** Uses the current state: changes by an administrator since the consent apply. */
async function lookUpAccount(
  code: SealedCode | undefined,
  server: string,
  { accounts }: CodeDependencies,
): Promise<Pick<CodeFacts, 'account' | 'origin'>> {
  if (code === undefined) return { account: { state: 'not-looked-up' } }
  const { newAccount } = code
  const found = await accounts.findById(server, code.accountId)
  if (found !== undefined) return describeAccount(found)
  return newAccount === undefined
    ? { account: { state: 'missing', linkingSteps: [] } }
    : {
        account: { state: 'new', id: newAccount.id, linkingSteps: [], profile: newAccount },
        origin: newAccount,
      }
}
