// Streams of security events: their receivers must exist and be able to authenticate, and settings must not conflict.
import type { ResourceAppDefinition, TrustedIssuerDefinition } from '@crosswalk/protocol'

import type { FileFinding } from '../finding.ts'
import type { Entry, ServerEntry, View } from '../view.ts'
import { type FileCheck, checkReference, nameOf, textOf, textsOf } from './check.ts'

export const checkSecurityEvents: FileCheck = (view) => [
  ...view.resourceApps.flatMap((app, index) => [
    ...checkReceiver(app, view),
    ...checkSharedStream(app, view.resourceApps.slice(0, index)),
  ]),
  ...view.servers.flatMap(checkTrust),
]

/** The receiver endpoints read JSON, so credentials can only come in the header (RFC 7617). */
const METHODS: readonly unknown[] = ['client_secret_basic', 'client_secret_post']

function checkReceiver({ value, path }: Entry<ResourceAppDefinition>, view: View): readonly FileFinding[] {
  const receiver = value?.securityEvents?.receiver
  if (receiver === undefined) return []
  const at = [...path, 'securityEvents', 'receiver']
  const app = view.apps.find((one) => textOf(one, 'id') === receiver)
  if (app === undefined) return checkReference(at, receiver, textsOf(view.apps, 'id'), 'app')
  if (app.value === undefined || METHODS.includes(app.value.auth.method)) return []
  const what = `${receiver} authenticates by ${app.value.auth.method}, which the receiver endpoints do not accept`
  return [{ path: at, what, fix: 'give the app `auth.method: client_secret_basic`' }]
}

/** Resource apps behind one issuer share a stream per endpoint, so their settings must match. */
function checkSharedStream(
  { value, path }: Entry<ResourceAppDefinition>,
  before: readonly Entry<ResourceAppDefinition>[],
): readonly FileFinding[] {
  const own = value?.securityEvents
  if (value === undefined || own?.endpoint === undefined) return []
  const sharing = before.find(
    (one) => one.value?.issuer === value.issuer && one.value.securityEvents?.endpoint === own.endpoint,
  )
  if (sharing === undefined || JSON.stringify(sharing.value?.securityEvents) === JSON.stringify(own))
    return []
  const what = `${nameOf('resource app', sharing)} has other settings for the stream to ${own.endpoint}`
  const fix = 'use the same settings, or none: resource apps behind one issuer share the stream'
  return [{ path: [...path, 'securityEvents'], what, fix }]
}

/** The audience of an event is checked before its tenant is known. */
function checkTrust({ trustedIssuers }: ServerEntry): readonly FileFinding[] {
  return trustedIssuers.flatMap((entry, index) => {
    const same = trustedIssuers
      .slice(0, index)
      .find((one) => textOf(one, 'issuer') === textOf(entry, 'issuer') && takesEvents(one))
    if (same === undefined || !takesEvents(entry)) return []
    if (JSON.stringify(same.value?.securityEvents) === JSON.stringify(entry.value?.securityEvents)) return []
    const what = 'another entry of this issuer accepts security events under other conditions'
    return [{ path: [...entry.path, 'securityEvents'], what, fix: 'write the same in both' }]
  })
}

function takesEvents({ value }: Entry<TrustedIssuerDefinition>): boolean {
  return value?.securityEvents !== undefined
}
