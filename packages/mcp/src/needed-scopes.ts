// The scopes that the messages of one request need. Unmapped targets are denied, unless the server states a default.
import { UriTemplate } from '@modelcontextprotocol/server'

import { classifyMessage, type Target } from './classify-message.ts'

/**
 * Scopes by name: one, several (all needed), or an empty list for any valid token. The name `*` is the default for
 * names without their own entry, which are otherwise denied.
 */
export type ScopeMap = Readonly<Record<string, string | readonly string[]>>

export interface McpScopes {
  /** By tool name */
  readonly tools: ScopeMap
  /** By prompt name; without it, the methods of prompts do not exist */
  readonly prompts?: ScopeMap
  /** By URI or URI template, as registered; without it, the methods of resources do not exist */
  readonly resources?: ScopeMap
  /** By JSON-RPC method, for tasks and for methods that MCP does not define; default: none may be called */
  readonly methods?: ScopeMap
}

export interface NeededScopes {
  readonly scopes: readonly string[]
  /** Targets that no scope allows */
  readonly denied: readonly Target[]
}

type Entry = string | readonly string[]

/** For the messages of one request together: each may be compared with every template of the server. */
export const MAX_TARGETS = 1000
/** The SDK throws for longer ones. */
const MAX_URI_LENGTH = 8192
/** Of all URIs of a request: with several variables, the time to match a template grows with the square of the length. */
const MAX_URI_COST = 2 * MAX_URI_LENGTH ** 2

/**
 * @returns a function that finds the scopes for a parsed JSON-RPC message, or for a batch; it returns undefined for one
 *   that reaches too much at once
 */
export function createScopeFinder(options: McpScopes): (body: unknown) => NeededScopes | undefined {
  const findEntry = createEntryFinder(options)
  return (body) => {
    const messages: readonly unknown[] = Array.isArray(body) ? body : [body]
    const targets = messages.flatMap(classifyMessage)
    if (targets.length > MAX_TARGETS || findUriCost(targets) > MAX_URI_COST) return undefined
    const needs = targets.map((target) => ({ target, entry: findEntry(target) }))
    return {
      scopes: [...new Set(needs.flatMap(({ entry }) => entry ?? []))],
      denied: needs
        .filter(({ entry }) => entry === undefined)
        .map(({ target }) => describeDenied(target, options)),
    }
  }
}

/** Longer URIs are not matched. */
function findUriCost(targets: readonly Target[]): number {
  return targets.reduce((sum, { kind, name }) => {
    const length = kind === 'resource' && typeof name === 'string' ? name.length : 0
    return length > MAX_URI_LENGTH ? sum : sum + length ** 2
  }, 0)
}

/** A server without prompts has no method for them; one with prompts lacks this prompt. */
function describeDenied(target: Target, { prompts, resources }: McpScopes): Target {
  const { kind, method } = target
  const known = kind === 'tool' || (kind === 'prompt' ? prompts !== undefined : resources !== undefined)
  return known || kind === 'method' ? target : { kind: 'method', name: method, method }
}

function createEntryFinder({ tools, prompts = {}, resources = {}, methods = {} }: McpScopes) {
  const findResource = createResourceFinder(resources)
  return ({ kind, name }: Target): Entry | undefined => {
    if (typeof name !== 'string') return undefined
    if (kind === 'tool') return findNamed(tools, name)
    if (kind === 'prompt') return findNamed(prompts, name)
    if (kind === 'template') return findNamed(resources, name)
    if (kind === 'resource') return findResource(name)
    // A default for methods would also apply to those that a later version of MCP defines.
    return Object.hasOwn(methods, name) ? methods[name] : undefined
  }
}

function findNamed(map: ScopeMap, name: string): Entry | undefined {
  if (Object.hasOwn(map, name)) return map[name]
  return Object.hasOwn(map, '*') ? map['*'] : undefined
}

/** A URI with its own entry needs that entry's scopes; any other needs those of all matching templates. */
function createResourceFinder(map: ScopeMap): (uri: string) => Entry | undefined {
  const entries = Object.entries(map)
  const exact = new Map(entries.map(([key, entry]) => [normalizeUri(key), entry]))
  const templates = entries
    .filter(([key]) => UriTemplate.isTemplate(key))
    .map(([key, entry]) => ({ template: new UriTemplate(key), entry }))
  return (uri) => {
    if (uri.length > MAX_URI_LENGTH) return undefined
    const normalized = normalizeUri(uri)
    const own = exact.get(normalized)
    if (own !== undefined) return own
    const matching = templates.filter(({ template }) => template.match(normalized) !== null)
    return matching.length > 0 ? matching.flatMap(({ entry }) => entry) : exact.get('*')
  }
}

/** Normalizes like the SDK before its look-up: another spelling of a URI must not need other scopes. */
function normalizeUri(uri: string): string {
  return URL.canParse(uri) ? new URL(uri).href : uri
}
