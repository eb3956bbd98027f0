// Reads the model of Agent0 from the environment. Without settings, the planner answers by rules.
const MODEL_APIS = ['openai', 'anthropic', 'ollama'] as const
export type ModelApi = (typeof MODEL_APIS)[number]

export interface ModelSettings {
  readonly api: ModelApi
  /** Without a trailing slash */
  readonly url: string
  readonly model: string
  readonly key?: string
  /** For the complete reply */
  readonly timeoutMs: number
}

const NAMES = [
  'AGENT0_MODEL_API',
  'AGENT0_MODEL_URL',
  'AGENT0_MODEL',
  'AGENT0_MODEL_KEY',
  'AGENT0_MODEL_TIMEOUT_SECONDS',
] as const

const DEFAULT_URL: Readonly<Record<ModelApi, string>> = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com',
  ollama: 'http://127.0.0.1:11434',
}

const DEFAULT_TIMEOUT_SECONDS = 60
const MAX_TIMEOUT_SECONDS = 600

type Environment = Readonly<Record<string, string | undefined>>

/** Empty variables count as unset. */
function pickModelVariables(env: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (pair): pair is [string, string] => pair[0].startsWith('AGENT0_MODEL') && (pair[1] ?? '') !== '',
    ),
  )
}

/** @throws Error that lists every problem, without the key */
export function readModelSettings(env: Environment): ModelSettings | undefined {
  const given = pickModelVariables(env)
  if (Object.keys(given).length === 0) return undefined
  const api = MODEL_APIS.find((one) => one === given['AGENT0_MODEL_API'])
  const url = given['AGENT0_MODEL_URL'] ?? (api === undefined ? '' : DEFAULT_URL[api])
  const key = given['AGENT0_MODEL_KEY']
  const seconds = Number(given['AGENT0_MODEL_TIMEOUT_SECONDS'] ?? DEFAULT_TIMEOUT_SECONDS)
  const problems = [
    ...Object.keys(given)
      .filter((name) => !NAMES.some((known) => known === name))
      .map((name) => `${name} is unknown; use one of ${NAMES.join(', ')}`),
    ...(api === undefined ? [`AGENT0_MODEL_API must be one of ${MODEL_APIS.join(', ')}`] : []),
    ...(given['AGENT0_MODEL'] === undefined ? ['AGENT0_MODEL must name the model'] : []),
    ...(api === undefined ? [] : findUrlProblems(url, key)),
    ...(key === undefined && api !== undefined && api !== 'ollama' && url === DEFAULT_URL[api]
      ? [`AGENT0_MODEL_KEY is needed for ${url}`]
      : []),
    ...(Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_TIMEOUT_SECONDS
      ? []
      : [`AGENT0_MODEL_TIMEOUT_SECONDS must be a whole number from 1 to ${MAX_TIMEOUT_SECONDS}`]),
  ]
  if (problems.length > 0 || api === undefined)
    throw new Error(`invalid model settings of Agent0:\n- ${problems.join('\n- ')}`)
  return {
    api,
    url: url.replace(/\/+$/, ''),
    model: given['AGENT0_MODEL'] ?? '',
    timeoutMs: seconds * 1000,
    ...(key === undefined ? {} : { key }),
  }
}

function findUrlProblems(text: string, key: string | undefined): readonly string[] {
  if (!URL.canParse(text)) return ['AGENT0_MODEL_URL is not a URL']
  const { protocol, hostname, username, search, hash } = new URL(text)
  if (protocol !== 'https:' && protocol !== 'http:') return ['AGENT0_MODEL_URL must begin with https or http']
  if (username !== '' || search !== '' || hash !== '')
    return ['AGENT0_MODEL_URL must have no user, query or fragment']
  // A key sent in clear text can be read by anyone on the network.
  const here = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
  return key !== undefined && protocol === 'http:' && !here
    ? ['AGENT0_MODEL_URL must be https if a key is sent, except on this machine']
    : []
}
