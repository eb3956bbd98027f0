// The objects an administrator works with: what is sent, and what is shown. Their definitions are those of the
// configuration file; the rules between objects are checked by the server.
import {
  zApp,
  zAuthorizationServer,
  zConnection,
  zGroup,
  zKeptSuite,
  zPolicy,
  zResourceApp,
  zResourceClient,
  zUser,
} from '@crosswalk/protocol'
import { z } from 'zod'

import { zClientAuthInput, zClientAuthView } from './client-auth.ts'
import { metaMembers, stateMember } from './common.ts'
import { approvalsMember } from './scope-state.ts'

// Secrets of authenticator apps come from the file or from the person's own enrolment, never through here.
export const zUserInput = zUser
  .omit({ totpSecret: true })
  .extend({
    password: z
      .string()
      .min(1)
      .max(1024)
      .nullable()
      .optional()
      .describe('Kept as argon2id hash; unchanged unless given, removed by null.'),
  })
  .meta({ id: 'UserInput' })

export const zUserView = zUser
  .omit({ password: true, totpSecret: true })
  .extend({
    hasPassword: z.boolean(),
    memberOf: z.array(z.string()).describe('Every group: the own `groups`, and those that list the person.'),
    ...metaMembers,
    ...stateMember,
  })
  .meta({ id: 'User' })

export const zGroupInput = zGroup.meta({ id: 'GroupInput' })

export const zGroupView = zGroupInput
  .extend({
    members: z.array(z.string()).describe('Ids of users, as listed here.'),
    memberCount: z.int().describe('Of everybody in it, however they got there.'),
    ...metaMembers,
  })
  .meta({ id: 'Group' })

export const zAppInput = zApp.extend({ auth: zClientAuthInput }).meta({ id: 'AppInput' })
export const zAppView = zApp
  .extend({ auth: zClientAuthView, ...metaMembers, ...stateMember })
  .meta({ id: 'App' })

export const zResourceAppInput = zResourceApp.meta({ id: 'ResourceAppInput' })
export const zResourceAppView = zResourceApp.extend(metaMembers).meta({ id: 'ResourceApp' })

export const zConnectionInput = zConnection.meta({ id: 'ConnectionInput' })
export const zConnectionView = zConnection
  .extend({ ...metaMembers, ...stateMember, ...approvalsMember })
  .meta({ id: 'Connection' })

export const zPolicyInput = zPolicy.meta({ id: 'PolicyInput' })
export const zPolicyView = zPolicy
  .safeExtend({ sentence: z.string().describe('What the rule says, in words.'), ...metaMembers })
  .meta({ id: 'Policy' })

export const zKeptSuiteInput = zKeptSuite.meta({ id: 'KeptPolicySuiteInput' })
export const zKeptSuiteView = zKeptSuite.extend(metaMembers).meta({ id: 'KeptPolicySuite' })

export const zAuthorizationServerInput = zAuthorizationServer
  .extend({ clients: z.array(zResourceClient.extend({ auth: zClientAuthInput })).default([]) })
  .meta({ id: 'AuthorizationServerInput' })
export const zAuthorizationServerView = zAuthorizationServer
  .extend({
    issuer: z.string(),
    clients: z.array(zResourceClient.extend({ auth: zClientAuthView })),
    ...metaMembers,
  })
  .meta({ id: 'AuthorizationServer' })

/** Every collection with what is sent and what is shown. */
export const COLLECTIONS = {
  users: { input: zUserInput, view: zUserView, one: 'user', prefix: 'usr' },
  groups: { input: zGroupInput, view: zGroupView, one: 'group', prefix: 'grp' },
  apps: { input: zAppInput, view: zAppView, one: 'app', prefix: 'app' },
  'resource-apps': { input: zResourceAppInput, view: zResourceAppView, one: 'resource app', prefix: 'res' },
  connections: { input: zConnectionInput, view: zConnectionView, one: 'connection', prefix: 'con' },
  policies: { input: zPolicyInput, view: zPolicyView, one: 'policy', prefix: 'pol' },
  'policy-suites': {
    input: zKeptSuiteInput,
    view: zKeptSuiteView,
    one: 'suite of policy tests',
    prefix: 'sui',
  },
  'authorization-servers': {
    input: zAuthorizationServerInput,
    view: zAuthorizationServerView,
    one: 'authorization server',
    prefix: 'as',
  },
} as const
export type Collection = keyof typeof COLLECTIONS
export const COLLECTION_NAMES = Object.keys(COLLECTIONS) as readonly Collection[]
export type InputOf<C extends Collection> = z.output<(typeof COLLECTIONS)[C]['input']>
export type ViewOf<C extends Collection> = z.output<(typeof COLLECTIONS)[C]['view']>

/** Members an object is shown with that nobody sets; taken and ignored where it is sent back. */
export const READ_ONLY_MEMBERS: Record<Collection, readonly string[]> = (() => {
  const meta = Object.keys(metaMembers)
  const held = [...meta, ...Object.keys(stateMember)]
  return {
    users: [...held, 'hasPassword', 'memberOf'],
    groups: [...meta, 'memberCount'],
    apps: held,
    'resource-apps': meta,
    connections: [...held, ...Object.keys(approvalsMember)],
    policies: [...meta, 'sentence'],
    'policy-suites': meta,
    'authorization-servers': meta,
  }
})()
