// Step 5: calls the API. For an MCP server, also lists its tools and calls one; in the demo world, also makes a call
// that is refused because the token has too little scope.
import { findTokenChallenge } from '@crosswalk/client'
import {
  askForTools,
  callTool,
  type Exchange,
  findSession,
  type Flow,
  type GuardedSender,
  isAnswered,
  isMcp,
  type McpServer,
  readTools,
  runCall,
  runExchange,
  runRedemption,
  type StepResult,
  type Table,
  type Tool,
} from '@crosswalk/lab'

import { findTarget, type Run, toFlowRun } from '../run.ts'
import type { RunContext, Progress } from '../step-runner.ts'
import { flowOf, progress } from './legs.ts'

export async function callApi(run: Run, context: RunContext): Promise<Progress> {
  const { sender, last } = keepLast(context.sender)
  const flow = { ...flowOf(run, context), sender }
  const called = await progress(run, context, flow, await runCall(flow, toFlowRun(run)))
  const { call } = flow
  if (call === undefined || !isMcp(call) || called.result.outcome === 'refused') return called
  const token = toFlowRun(run).received.accessToken ?? ''
  const server: McpServer = { url: call, token, sender, sessionId: findSession(last()) }
  const tools = readTools(await askForTools(server))
  if (tools === undefined) return add(called, ['It listed no tools.'])
  const read = await readOne(server, tools)
  const beyond = await reachBeyond(run, flow, server)
  return add(called, [...read, ...(beyond?.told ?? [])], tabulateTools(tools), beyond?.held === false)
}

function keepLast(sender: GuardedSender): { readonly sender: GuardedSender; last(): Exchange } {
  let last: Exchange | undefined
  return {
    sender: {
      send: async (request) => (last = await sender.send(request)),
      close: () => sender.close(),
    },
    last: () => {
      if (last === undefined) throw new Error('nothing was sent yet')
      return last
    },
  }
}

function add(
  { result, ...rest }: Progress,
  sentences: readonly string[],
  table?: Table,
  isBroken = false,
): Progress {
  const more: StepResult = {
    ...result,
    outcome: isBroken ? 'refused' : result.outcome,
    told: [...result.told, ...sentences],
    ...(table === undefined ? {} : { tables: [table] }),
  }
  return { ...rest, result: more }
}

/** A tool that declares itself read-only and needs no input is safe to call at any server. */
async function readOne(server: McpServer, tools: readonly Tool[]): Promise<readonly string[]> {
  const tool = tools.find(({ readsOnly, needsInput }) => readsOnly && !needsInput)
  if (tool === undefined)
    return ['None of its tools is declared read-only without input, so none was called.']
  const answer = await callTool(server, tool.name, {})
  return [
    isAnswered(answer)
      ? `The tool ${tool.name}, which is read-only, responded.`
      : `The tool ${tool.name}, which is read-only, failed: ${answer.status ?? 'no response'}.`,
  ]
}

/** Requests a token with less scope, and makes a call that needs more. */
async function reachBeyond(run: Run, flow: Flow, server: McpServer) {
  const tooMuch = findTarget(run.setup)?.tooMuch
  if (tooMuch === undefined) return undefined
  const narrow = { ...flow, scope: tooMuch.scope }
  const exchanged = await runExchange(narrow, { idToken: toFlowRun(run).received.idToken })
  const { accessToken } =
    exchanged.received.idJag === undefined
      ? exchanged.received
      : (await runRedemption(narrow, exchanged)).received
  if (accessToken === undefined) return undefined
  const { status, headers } = await callTool({ ...server, token: accessToken }, tooMuch.tool, tooMuch.input)
  const held = status === 403
  const challenge = findTokenChallenge(headers['www-authenticate'] ?? null)?.params
  return {
    held,
    told: [
      held
        ? `With a second token for ${tooMuch.scope} only, ${tooMuch.tool} was refused: ${status} ${challenge?.error ?? 'without a reason'}, and ${challenge?.scope ?? 'more'} is needed. Apps request least privilege at the exchange.`
        : `With a second token for ${tooMuch.scope} only, ${tooMuch.tool} was accepted anyway (${status ?? 'no response'}).`,
    ],
  }
}

function tabulateTools(tools: readonly Tool[]): Table {
  return {
    caption: 'Tools of the MCP server',
    head: ['tool', 'description', 'effect'],
    rows: tools.map(({ name, description, readsOnly }) => [
      name,
      { words: description },
      { words: readsOnly ? 'read-only' : 'may make changes' },
    ]),
  }
}
