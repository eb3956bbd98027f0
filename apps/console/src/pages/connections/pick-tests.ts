// Selects the stored tests about one connection, by app and resource.
import type { AnswerTo } from '@crosswalk/admin-api'

type Suite = AnswerTo<'policy-suites.list'>['items'][number]
type Test = Suite['tests'][number]

export interface ConnectionApps {
  /** Without a kind, it is not registered, and `any` and `kind:` do not include it. */
  readonly app: { readonly id: string; readonly kind?: string }
  readonly resourceApp: { readonly id: string; readonly issuer: string }
}

/** @returns the suite with only these tests; undefined if there are none */
export function pickTests(suite: Suite, apps: ConnectionApps): Suite | undefined {
  const tests = suite.tests.filter((test) => asksAbout(test, apps))
  return tests.length === 0 ? undefined : { ...suite, tests }
}

function asksAbout({ app, at }: Test, apps: ConnectionApps): boolean {
  const named = typeof app === 'string' ? [app] : app
  const { id, kind } = apps.app
  const names = kind === undefined ? [id] : [id, 'any', `kind:${kind}`]
  const isApp = named.some((one) => names.includes(one))
  const isAtResource =
    typeof at === 'string'
      ? at === 'any' || at === apps.resourceApp.id
      : at.audience === apps.resourceApp.issuer
  return isApp && isAtResource
}
