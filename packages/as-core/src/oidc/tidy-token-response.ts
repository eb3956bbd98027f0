// Token responses as servers really send them: the library refuses an absent member written as null, "" or a list, an ID
// token of an unknown issuer, and errors with status 200 (GitHub). A refresh token that was used up is lost with the response.
import { dropUndefined, isObject, parseJson } from '@crosswalk/protocol'

/** @returns the same response with only the members that this server reads, or as the error that it is */
export async function tidyTokenResponse(response: Response): Promise<Response> {
  if (response.status !== 200) return response
  const text = await response.text()
  const { headers } = response
  const body = parseJson(text)
  if (!isObject(body)) return new Response(text, { headers })
  const { access_token, token_type, error } = body
  if (typeof access_token !== 'string' && typeof error === 'string' && error !== '')
    return new Response(JSON.stringify({ error }), { status: 400, headers })
  const expires_in = readSeconds(body['expires_in'])
  const refresh_token = readText(body['refresh_token'])
  const read = dropUndefined({ access_token, token_type, expires_in, refresh_token })
  return new Response(JSON.stringify(read), { headers })
}

function readSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' ? Number.parseFloat(value) : value
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
