// Reads the body of a form POST once, before any cryptography. Does not interpret the parameters.
import { accept, readAtMost, refuse, type Result } from '@crosswalk/protocol'

/** 64 KiB, far above any legitimate token request. */
export const MAX_BODY_BYTES = 65_536
/** Each parameter costs time and may end up in the record of a refusal; a request has about ten. */
export const MAX_PARAMETERS = 500

const TOO_LONG = {
  http: 413,
  detail: `body over ${MAX_BODY_BYTES} bytes`,
  description: `The body must have at most ${MAX_BODY_BYTES} bytes.`,
} as const

export interface Form {
  /** The value; undefined if absent or empty (RFC 6749 section 3.1). */
  get(name: string): string | undefined
  all(name: string): readonly string[]
  /** Names sent more than once */
  readonly repeated: readonly string[]
  /** As received, for forwarding */
  readonly raw: string
}

export interface FormProblem {
  readonly http: 400 | 405 | 413 | 415
  /** For the record */
  readonly detail: string
  /** For the client */
  readonly description: string
}

export async function readForm(request: Request): Promise<Result<Form, FormProblem>> {
  const declaredLength = request.headers.get('content-length')
  const problem = findHeaderProblem(request, Number(declaredLength ?? 0))
  if (problem !== undefined) return refuse(problem)
  // The HTTP layer enforces a declared length.
  const text = declaredLength === null ? await readText(request) : await request.text()
  if (text === undefined || text.length > MAX_BODY_BYTES) return refuse(TOO_LONG)
  if (text.split('&', MAX_PARAMETERS + 1).length > MAX_PARAMETERS)
    return refuse({
      http: 400,
      detail: `over ${MAX_PARAMETERS} parameters`,
      description: `The body must have at most ${MAX_PARAMETERS} parameters.`,
    })
  return accept(parseForm(text))
}

async function readText({ body }: Request): Promise<string | undefined> {
  const bytes = await readAtMost(body, MAX_BODY_BYTES)
  return bytes && new TextDecoder().decode(bytes)
}

function findHeaderProblem({ method, headers }: Request, declaredLength: number): FormProblem | undefined {
  if (method !== 'POST')
    return { http: 405, detail: `method ${method}`, description: 'The method must be POST.' }
  const encoding = headers.get('content-encoding')
  if (encoding !== null && encoding.toLowerCase() !== 'identity')
    return {
      http: 415,
      detail: `content encoding ${encoding}`,
      description: 'The body must have no content encoding.',
    }
  const type = headers.get('content-type')
  if (type === null || !/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type))
    return {
      http: 400,
      detail: `content type ${type ?? 'missing'}`,
      description: 'The body must be application/x-www-form-urlencoded.',
    }
  return declaredLength > MAX_BODY_BYTES ? TOO_LONG : undefined
}

export function parseForm(text: string): Form {
  const values = new Map<string, string[]>()
  let repeated: Set<string> | undefined
  new URLSearchParams(text).forEach((value, name) => {
    const seen = values.get(name)
    if (seen === undefined) values.set(name, value === '' ? [] : [value])
    else {
      ;(repeated ??= new Set()).add(name)
      if (value !== '') seen.push(value)
    }
  })
  return {
    get: (name) => values.get(name)?.[0],
    all: (name) => values.get(name) ?? [],
    repeated: repeated === undefined ? [] : [...repeated],
    raw: text,
  }
}

/** Repeated parameters that may not repeat, as problems for the decision record (RFC 6749 section 3.2). */
export function findRepeated(
  { repeated }: Form,
  mayRepeat: readonly string[],
): readonly { readonly parameter: string; readonly problem: string }[] {
  return repeated
    .filter((name) => !mayRepeat.includes(name))
    .map((parameter) => ({ parameter, problem: 'repeated' }))
}
