// Lists the secrets of a run, which must not be saved to its file. Pure.
import type { Run } from './run.ts'

/** @returns the secrets of a run, which no page or log may show */
export function listSecrets({ setup, received, attempt, secrets }: Run): readonly string[] {
  const { settings, idToken, lastIdToken } = setup
  const tokens = [idToken, lastIdToken, received?.idToken, received?.idJag, received?.accessToken]
  const passwords = [settings.user, ...(settings.demo?.users ?? [])].map((user) => user?.password)
  const all = [
    ...tokens,
    ...tokens.map((token) => token?.split('.')[2]),
    ...passwords,
    settings.explain?.token,
    attempt?.codeVerifier,
    ...(secrets ?? []),
    ...[...(secrets ?? [])].flatMap(readBasic),
  ]
  return [...new Set(all.filter((it) => it !== undefined && it !== ''))] as readonly string[]
}

/** @returns the client secret in an HTTP Basic value (RFC 6749 section 2.3.1); empty for anything else */
function readBasic(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'base64')
  const [, secret] = /^[^:]+:(.+)$/s.exec(bytes.toString('utf8')) ?? []
  if (secret === undefined || bytes.toString('base64') !== text) return []
  try {
    return [secret, decodeURIComponent(secret.replaceAll('+', ' '))]
  } catch {
    return [secret]
  }
}
