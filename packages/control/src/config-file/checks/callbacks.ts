// Configured addresses that the server calls. An address inside the operator's network would turn the server into a way
// in, so the guard never connects to it; it is rejected here before anyone relies on it.
import { findTargetProblem, isLoopbackHost, type TargetProblem } from '@crosswalk/as-core'

import type { FileFinding, Path } from '../finding.ts'
import type { Entry, View } from '../view.ts'
import type { FileCheck } from './check.ts'

type Auth = { readonly auth: { readonly method: string; readonly jwksUri?: string | undefined } }

interface Callback {
  readonly path: Path
  readonly url: string | undefined
}

const PROBLEMS: Readonly<Record<TargetProblem, Pick<FileFinding, 'what' | 'fix'>>> = {
  'address-refused': {
    what: 'is on this machine or in a private network, where the server does not connect',
    fix: 'use a public address; loopback works only while `baseUrl` is on loopback too, for development',
  },
  'port-refused': {
    what: 'has a port where the server does not connect',
    fix: 'use port 443, or one from 1024 on',
  },
  'scheme-refused': { what: 'is not https', fix: 'use https' },
  'not-a-url': { what: 'is not a URL without user name and password', fix: 'write an https URL' },
}

export const checkCallbacks: FileCheck = (view) => {
  if (view.baseUrl === undefined || !URL.canParse(view.baseUrl)) return []
  const allowLoopback = isLoopbackHost(new URL(view.baseUrl).hostname)
  return listCallbacks(view).flatMap(({ path, url }) => {
    const problem = url === undefined ? undefined : findTargetProblem(url, { allowLoopback })
    if (problem === undefined) return []
    const { what, fix } = PROBLEMS[problem]
    return [{ path, what: `${url} ${what}`, fix }]
  })
}

function listCallbacks({ apps, resourceApps, servers }: View): readonly Callback[] {
  return [
    ...apps.map(({ path, value }) => ({
      path: [...path, 'backchannelLogoutUri'],
      url: value?.backchannelLogoutUri,
    })),
    ...[...apps, ...servers.flatMap(({ clients }) => clients)].map(toKeyCallback),
    ...resourceApps.map(({ path, value }) => ({
      path: [...path, 'securityEvents', 'endpoint'],
      url: value?.securityEvents?.endpoint,
    })),
    ...servers
      .flatMap(({ trustedIssuers }) => trustedIssuers)
      .map(({ path, value }) => ({ path: [...path, 'jwksUri'], url: value?.jwksUri })),
  ]
}

function toKeyCallback({ path, value }: Entry<Auth>): Callback {
  return { path: [...path, 'auth', 'jwksUri'], url: value?.auth.jwksUri }
}
