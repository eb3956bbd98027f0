// What is known of one identity product: its issuer, its metadata as documented, how an entry of `idp.subjectIssuers` for it
// looks, and its quirks. Data; the doctor and the reference page read it.
import type { SubjectIssuerDefinition } from '@crosswalk/protocol'

/** What a quirk looks at: an entry of `idp.subjectIssuers`, and the metadata that was found. */
export interface QuirkEvidence {
  readonly issuer: string
  readonly entry: SubjectIssuerDefinition | undefined
  readonly metadata: Readonly<Record<string, unknown>> | undefined
}

export interface Quirk {
  /** Of the check; no other has it, and it never changes its meaning */
  readonly id: `V${number}`
  readonly title: string
  readonly why: string
  /** @returns what was seen where the quirk bites, undefined where it does not */
  find(evidence: QuirkEvidence): string | undefined
  readonly what: string
  readonly fix: string
}

export interface Vendor {
  readonly id: string
  readonly name: string
  /** Recognises its issuers, wrong forms of them included */
  readonly issuer: RegExp
  /** With what to fill in, in capitals */
  readonly issuerForm: string
  /** Better words for the fixes of checks, by their ids */
  readonly fixes: Readonly<Record<string, string>>
  /** Absent where its ID tokens are not known to serve as subject tokens */
  readonly subjectIssuer?: {
    /** As the product documents it, with an example for what differs */
    readonly metadata: Readonly<Record<string, unknown>> & { readonly issuer: string }
    /** What an entry needs beside issuer and audiences */
    readonly entry: Readonly<Partial<SubjectIssuerDefinition>>
    /** What to do there, in its words */
    readonly steps: readonly string[]
    readonly quirks: readonly Quirk[]
  }
}

/** Whether an entry finds users by a name or address that an issuer states, rather than by its subject. */
export function linksBy(rule: 'username' | 'email') {
  return ({ entry }: QuirkEvidence): boolean => entry?.link.includes(rule) === true
}
