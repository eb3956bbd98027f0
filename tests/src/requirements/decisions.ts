// Our choices where specifications contradict each other or leave a question open.

export interface ProtocolDecision {
  readonly id: `D${number}`
  readonly question: string
  readonly choice: string
}

export const DECISIONS: readonly ProtocolDecision[] = [
  {
    id: 'D1',
    question: 'Error for a subject token that does not hold',
    choice: '`invalid_grant`, as in the draft.',
  },
  {
    id: 'D2',
    question: 'May an ID-JAG be redeemed twice',
    choice: 'No; `replay: until-expiry` of a server allows ten times while it lives.',
  },
  {
    id: 'D3',
    question: 'Must a request name a resource',
    choice:
      'Only where `requireResource` says so. A server with one resource takes that one where none is named.',
  },
  {
    id: 'D4',
    question: 'Error for a wrong resource on the second leg',
    choice:
      '`invalid_grant` for a claim the server does not govern, `invalid_target` for a parameter beyond the claim.',
  },
  { id: 'D5', question: 'Error where policy says no', choice: '`access_denied` with status 400.' },
  {
    id: 'D6',
    question: 'Error for a bad DPoP proof on the second leg',
    choice:
      '`invalid_dpop_proof` where the proof itself is bad or spent, `invalid_grant` where the key is another or none.',
  },
  {
    id: 'D7',
    question: 'Grant type for bound grants',
    choice: 'Both URNs are taken; clients go by the metadata.',
  },
  {
    id: 'D8',
    question: '`actor_token`',
    choice:
      'Refused, never ignored, unless `idp.actorProfile` is `enabled`; then validated like a subject token.',
  },
  { id: 'D9', question: 'Refresh tokens on the second leg', choice: 'None.' },
  {
    id: 'D10',
    question: 'What `sub` of an ID-JAG means',
    choice: 'What an ID token for the resource side would say of the user, pairwise values included.',
  },
  { id: 'D11', question: 'Public clients', choice: 'Registered ones only, and bound to a key they prove.' },
  {
    id: 'D12',
    question: 'Encryption, mutual TLS, workloads as principals',
    choice: 'Left out until the drafts settle.',
  },
  {
    id: 'D13',
    question: 'Lifetimes',
    choice:
      'ID-JAGs 300 s at most, clock skew 30 s (60 s at most), access tokens 600 s unless configured or the `session_expiry` of the ID-JAG is nearer.',
  },
  {
    id: 'D14',
    question: '`error_description`',
    choice:
      'One plain text per error on the wire; the cause is in the decision record named by `Crosswalk-Decision`.',
  },
]
