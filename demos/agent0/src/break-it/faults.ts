// The faults that the buttons show, each with the place that has to notice. Each grant, token and key is the person's
// or Agent0's own.
import { FaultUnavailable } from './errors.ts'
import type { Fault, FaultStage } from './fault.ts'

const READ = 'todos.read'
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'agent0', version: '0.1.0' },
  },
}

const ask = async ({ hand, subject, resources }: FaultStage, form: Readonly<Record<string, string>> = {}) =>
  await hand.exchange(await subject.fresh(), { resource: resources.mcp, scope: READ, ...form })

const getIdJag = (stage: FaultStage) => stage.control('Agent0 asks the IdP for an ID-JAG', ask(stage))

const getAccessToken = async (stage: FaultStage) =>
  await stage.control('Agent0 redeems the ID-JAG', stage.hand.redeem(await getIdJag(stage)))

export const FAULTS: readonly Fault[] = [
  {
    id: 'replay',
    title: 'Replay the grant',
    changed: 'One ID-JAG is redeemed a second time.',
    gain: 'Whoever saw it pass by could turn it into an access token of their own.',
    expected: { leg: 'redemption', error: 'invalid_grant', codes: ['XAA2209'] },
    play: async (stage) => {
      const idJag = await getIdJag(stage)
      await stage.control('Agent0 redeems it', stage.hand.redeem(idJag))
      await stage.broken('… and once more', stage.hand.redeem(idJag))
    },
  },
  {
    id: 'audience',
    title: 'Wrong audience',
    changed: 'The IdP is asked for an ID-JAG for a server that is one slash away from the right one.',
    gain: 'A grant could be had for a server that nobody connected.',
    expected: { leg: 'exchange', error: 'invalid_target', codes: ['XAA1301', 'XAA1302'] },
    play: async (stage) => {
      const idJag = await getIdJag(stage)
      await stage.broken('… for another audience', ask(stage, { audience: `${readAudience(idJag)}/` }))
    },
  },
  {
    id: 'edited',
    title: 'Edited grant',
    changed: 'The scope inside the ID-JAG is widened after it was signed.',
    gain: 'An app could grant itself whatever it likes.',
    expected: { leg: 'redemption', error: 'invalid_grant', codes: ['XAA2203'] },
    play: async (stage) => {
      const edited = changeClaim(await getIdJag(stage), 'scope', 'todos.read todos.write')
      await stage.broken('… changes it, and redeems it', stage.hand.redeem(edited))
      await getAccessToken(stage)
    },
  },
  {
    id: 'client',
    title: 'Wrong client',
    changed: 'Another client, with good credentials of its own, redeems the ID-JAG of Agent0.',
    gain: 'A grant that leaked from one app would be good in the hands of every other.',
    expected: { leg: 'redemption', error: 'invalid_grant', codes: ['XAA2103'] },
    play: async (stage) => {
      const { otherClient } = stage
      if (otherClient === undefined) throw new FaultUnavailable('There is no other client here.')
      const idJag = await getIdJag(stage)
      await stage.broken('Another client redeems it', stage.hand.redeem(idJag, otherClient))
      await stage.control('Agent0 redeems it', stage.hand.redeem(idJag))
    },
  },
  {
    id: 'scope',
    title: 'Too much scope',
    changed: 'More is asked for than the connection allows: to write in Notes0.',
    gain: 'An app could give itself more than the administrator gave it.',
    expected: { leg: 'exchange', error: 'invalid_scope', codes: ['XAA1602'] },
    play: async (stage) => {
      const { notes } = stage.resources
      await stage.control('Agent0 asks to read notes', ask(stage, { resource: notes, scope: 'notes.read' }))
      await stage.broken('… and to write them', ask(stage, { resource: notes, scope: 'notes.write' }))
    },
  },
  {
    id: 'id-token',
    title: 'ID token as grant',
    changed: 'The ID token itself is sent to the vendor instead of an ID-JAG.',
    gain: 'Every app that people sign in to could act for them anywhere.',
    expected: { leg: 'redemption', error: 'invalid_grant', codes: ['XAA2201'] },
    play: async (stage) => {
      const idToken = await stage.subject.fresh()
      await stage.broken('Agent0 redeems the ID token', stage.hand.redeem(idToken.reveal()))
      await getAccessToken(stage)
    },
  },
  {
    id: 'sibling',
    title: 'Token at the wrong API',
    changed: "An access token for Todo0's MCP server is sent to Todo0's REST API.",
    gain: 'A token for one API would open all others of the vendor.',
    expected: { leg: 'resource', error: 'invalid_token', codes: ['XAA3002'] },
    play: async (stage) => {
      const { mcp, api } = stage.resources
      if (api === undefined) throw new FaultUnavailable('There is one API only here.')
      const token = await getAccessToken(stage)
      await stage.control('The MCP server takes the token', callMcp(stage, mcp, token))
      await stage.broken('The REST API is shown it', stage.hand.call(api, token))
    },
  },
  {
    id: 'expired',
    title: 'Expired ID token',
    changed: 'The ID token of the sign-in is used after it expired.',
    gain: 'A token that was stolen once would be good for ever.',
    expected: { leg: 'exchange', error: 'invalid_grant', codes: ['XAA1202'] },
    play: async (stage) => {
      const { hand, subject, resources } = stage
      const expired = subject.expired()
      await stage.broken('Agent0 sends the old ID token', hand.exchange(expired, { resource: resources.mcp }))
      await stage.control('… and the renewed one', ask(stage))
    },
  },
  {
    id: 'step-up',
    title: 'Demand a step-up',
    changed: 'The administrator demands a second factor for Agent0 at Todo0, and you signed in without one.',
    gain: 'A stolen password would be enough for what matters most.',
    expected: { leg: 'exchange', error: 'insufficient_user_authentication', codes: ['XAA1801'] },
    play: async (stage) => {
      await getIdJag(stage)
      await stage.act('The administrator demands a second factor', 'demand-step-up')
      await stage.broken('Agent0 asks again', ask(stage))
    },
  },
  {
    id: 'stopped',
    title: 'Stop the agent',
    changed: 'The administrator blocks Agent0 while it is working.',
    gain: 'An agent that went wrong could not be stopped.',
    expected: { leg: 'exchange', error: 'access_denied' },
    play: async (stage) => {
      await getIdJag(stage)
      await stage.act('The administrator blocks Agent0', 'stop-agent')
      await stage.broken('Agent0 asks again', ask(stage))
    },
  },
  {
    id: 'removed',
    title: 'Remove the user',
    changed: 'The administrator blocks you while Agent0 works for you.',
    gain: 'Somebody who left the company would go on acting through their agents.',
    expected: { leg: 'exchange', error: 'access_denied' },
    play: async (stage) => {
      await getIdJag(stage)
      await stage.act('The administrator blocks you', 'remove-user')
      await stage.broken('Agent0 asks again', ask(stage))
    },
  },
]

const callMcp = async ({ hand }: FaultStage, url: string, token: string) => ({
  ...(await hand.call(url, token, INITIALIZE)),
  token,
})

type Part = readonly [string, string, string]

function readAudience(jwt: string): string {
  const { aud } = readPayload(jwt)
  return String(aud)
}

function readPayload(jwt: string): Record<string, unknown> {
  const [, payload] = jwt.split('.') as unknown as Part
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>
}

function changeClaim(jwt: string, name: string, value: string): string {
  const [header, , signature] = jwt.split('.') as unknown as Part
  const payload = Buffer.from(JSON.stringify({ ...readPayload(jwt), [name]: value })).toString('base64url')
  return [header, payload, signature].join('.')
}
