// A token of a draft. With a key of this process it is signed once its grant is durable, and not at all where a replay was
// found. A key provider may be out of reach, so it signs before: then no grant is used up and none is recorded without a token.
import type { Signer } from './signer.ts'

export interface DraftedJws {
  /** Where a key provider signs: has to be done before anything is recorded */
  readonly prepare?: () => Promise<void>
  take(): Promise<string>
}

/** @param current - the key in force; one of this process is looked up again when it signs */
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
      if (signed === undefined)
        throw new TypeError('a token of a key provider is signed before it is recorded')
      return signed
    },
  }
}
