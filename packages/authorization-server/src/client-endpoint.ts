// The shell of endpoints that an authenticated client asks about tokens: introspection and revocation. It reads the
// form, authenticates the client, and renders; what is answered is the handler's.
import { DECISION_CODES, WIRE_DESCRIPTION } from '@crosswalk/protocol'

import { type Form, readForm } from './form.ts'
import { newId } from './ids.ts'
import type { ClientObserver } from './observe-client.ts'
import type { Clock } from './ports.ts'

export interface ManagementRequest {
  readonly form: Form
  readonly clientId: string
  readonly nowMs: number
}

export interface ManagementAnswer {
  readonly http: number
  readonly body: Readonly<Record<string, unknown>>
}

export interface ClientEndpointParts {
  readonly clock: Clock
  readonly clients: ClientObserver
  handle(request: ManagementRequest): Promise<ManagementAnswer>
  onFault(fault: unknown, reference: string): void
}

export function createClientEndpoint({
  clock,
  clients,
  handle,
  onFault,
}: ClientEndpointParts): (request: Request) => Promise<Response> {
  return async (request) => {
    const nowMs = clock.nowMs()
    try {
      const form = await readForm(request)
      if (!form.accepted) return render({ http: form.refusal.http, body: errorBody('invalid_request') })
      if (form.value.repeated.length > 0) return render({ http: 400, body: errorBody('invalid_request') })
      const { fact } = await clients.observe({
        form: form.value,
        headers: request.headers,
        receivedAtMs: nowMs,
      })
      if (fact.state === 'refused') return renderUnauthenticated(fact.code, request)
      return render(await handle({ form: form.value, clientId: fact.clientId, nowMs }))
    } catch (fault) {
      onFault(fault, newId('flt'))
      return render({ http: 500, body: errorBody('server_error') })
    }
  }
}

function errorBody(error: keyof typeof WIRE_DESCRIPTION): Readonly<Record<string, unknown>> {
  return { error, error_description: WIRE_DESCRIPTION[error] }
}

function renderUnauthenticated(code: keyof typeof DECISION_CODES, request: Request): Response {
  const { http, error } = DECISION_CODES[code] as { http: number; error?: keyof typeof WIRE_DESCRIPTION }
  const challenge =
    http === 401 && request.headers.has('authorization')
      ? { 'www-authenticate': 'Basic realm="token management", charset="UTF-8"' }
      : {}
  return render({ http, body: errorBody(error ?? 'invalid_client') }, challenge)
}

function render({ http, body }: ManagementAnswer, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status: http,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      ...headers,
    },
  })
}
