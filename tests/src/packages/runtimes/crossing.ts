// Both SDKs in one program, as it is bundled for runtimes other than Node.js: an agent that crosses, and the API that it calls.
import { clientSecret, xaa } from '@crosswalk/client'
import { protect } from '@crosswalk/resource/fetch'

export interface CrossingInput {
  readonly idp: string
  readonly issuer: string
  readonly resource: string
  readonly idToken: string
  readonly agent: { readonly id: string; readonly secret: string }
  readonly agentAtVendor: { readonly id: string; readonly secret: string }
}

export interface FlowOutcome {
  readonly status: number
  readonly user: unknown
  /** Of the same call without a token */
  readonly withoutToken: number
}

export async function cross(input: CrossingInput): Promise<FlowOutcome> {
  const { idp, issuer, resource, idToken, agent, agentAtVendor } = input
  const api = protect({ resource, issuer }, (_, { user }) => Response.json({ user }), {
    scope: ['todos.read'],
  })
  const app = xaa({
    idp,
    client: { id: agent.id, auth: clientSecret(agent.secret) },
    resources: { [issuer]: { clientId: agentAtVendor.id, auth: clientSecret(agentAtVendor.secret) } },
    // The API has no listener: each runtime has its own way to open one.
    fetch: (url, init) =>
      url.startsWith(new URL(resource).origin) ? api(new Request(url, init)) : fetch(url, init),
  })
  const todo = app.as({ getSubjectToken: () => idToken }).at(resource, { scope: 'todos.read' })
  const response = await todo.fetch('')
  const { user } = (await response.json()) as { user?: unknown }
  return { status: response.status, user, withoutToken: (await api(new Request(resource))).status }
}
