// Selects the stored tests about one connection, by app and resource.
import type { AnswerTo } from '@crosswalk/admin-api'

type Suite = AnswerTo<'policy-suites.list'>['items'][number]
type Test = Suite['tests'][number]

export interface Ends {
  readonly app: { readonly id: string; readonly kind: string }
  readonly resourceApp: { readonly id: string; readonly issuer: string }
}

/** @returns the suite with only these tests; undefined if there are none */
export function pickTests(suite: Suite, ends: Ends): Suite | undefined {
  const tests = suite.tests.filter((test) => asksAbout(test, ends))
  return tests.length === 0 ? undefined : { ...suite, tests }
}

function asksAbout({ app, at }: Test, ends: Ends): boolean {
  const named = typeof app === 'string' ? [app] : app
  const isApp = named.some((one) => one === 'any' || one === ends.app.id || one === `kind:${ends.app.kind}`)
  const isThere =
    typeof at === 'string'
      ? at === 'any' || at === ends.resourceApp.id
      : at.audience === ends.resourceApp.issuer
  return isApp && isThere
}
