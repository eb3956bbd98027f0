// What a JSON-RPC message of MCP would reach on a server. Unlisted methods reach whatever the server registered for
// them, so they also count as targets. needed-scopes.ts decides which scopes a target needs.
import { isObject } from '@crosswalk/protocol'

/** A tool, prompt, resource, resource template or method, by its name in the message. */
export interface Target {
  readonly kind: 'tool' | 'prompt' | 'resource' | 'template' | 'method'
  /** As sent: only strings are valid names */
  readonly name: unknown
  /** Of the message, as sent */
  readonly method: unknown
}

type Named = Pick<Target, 'kind' | 'name'>

/** Methods of the protocol itself: they reveal names and settings, but run no code of the server. */
const OPEN_METHODS: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'logging/setLevel',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
])

type Params = Readonly<Record<string, unknown>>

const findResource = ({ uri }: Params): readonly Named[] => [{ kind: 'resource', name: uri }]

const TARGETS: ReadonlyMap<string, (params: Params) => readonly Named[]> = new Map([
  ['tools/call', ({ name }: Params): readonly Named[] => [{ kind: 'tool', name }]],
  ['prompts/get', ({ name }: Params): readonly Named[] => [{ kind: 'prompt', name }]],
  ['resources/read', findResource],
  ['resources/subscribe', findResource],
  ['resources/unsubscribe', findResource],
  ['subscriptions/listen', findSubscriptions],
  ['completion/complete', findCompleted],
])

/** Whether MCP defines a method. */
export function isProtocolMethod(method: unknown): method is string {
  return typeof method === 'string' && (OPEN_METHODS.has(method) || TARGETS.has(method))
}

/** Whether the response to a message, or to one in a batch, stays open for later events. */
export function opensStream(body: unknown): boolean {
  const messages: readonly unknown[] = Array.isArray(body) ? body : [body]
  return messages.some((message) => isObject(message) && message.method === 'subscriptions/listen')
}

export function classifyMessage(message: unknown): readonly Target[] {
  // Responses have no method, and servers ignore anything that is not a message.
  if (!isObject(message) || message.method === undefined) return []
  const { method } = message
  const params = isObject(message.params) ? message.params : {}
  if (typeof method === 'string' && OPEN_METHODS.has(method)) return []
  const find = typeof method === 'string' ? TARGETS.get(method) : undefined
  const named = find?.(params) ?? [{ kind: 'method', name: method } as const]
  return named.map((one) => ({ ...one, method }))
}

function findSubscriptions({ notifications }: Params): readonly Named[] {
  const uris = isObject(notifications) ? (notifications.resourceSubscriptions ?? []) : []
  if (!Array.isArray(uris)) return [{ kind: 'resource', name: uris }]
  return uris.map((name: unknown) => ({ kind: 'resource', name }))
}

function findCompleted({ ref }: Params): readonly Named[] {
  if (isObject(ref) && ref.type === 'ref/prompt') return [{ kind: 'prompt', name: ref.name }]
  if (isObject(ref) && ref.type === 'ref/resource') return [{ kind: 'template', name: ref.uri }]
  return [{ kind: 'method', name: 'completion/complete' }]
}
