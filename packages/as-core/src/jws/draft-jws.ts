// The token of a draft. A local key signs after the grant is durable, and not at all after a replay. A key provider may
// be unreachable, so it signs first; if it fails, no grant is consumed and none is recorded without a token.
import type { Signer } from './signer.ts'

export interface DraftedJws {
  /** Set if a key provider signs; must complete before anything is recorded */
  readonly prepare?: () => Promise<void>
  take(): Promise<string>
}

/** @param current - returns the current key; a local key is looked up again when it signs */
export function draftJws(
  current: () => Signer,
  header: { readonly typ: string },
  claims: Readonly<Record<string, unknown>>,
): DraftedJws {
  const signer = current()
  if (!signer.isRemote) return { take: () => current().signJws(header, claims) }
  let signed: string | undefined
  return {
    async prepare() {
      signed = await signer.signJws(header, claims)
    },
    async take() {
      if (signed === undefined) throw new TypeError('a key provider must sign a token before it is recorded')
      return signed
    },
  }
}
