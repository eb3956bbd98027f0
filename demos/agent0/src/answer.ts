// Answers one sentence by rules: plans, calls the planned tools, and phrases the result.
import type { AgentSession } from '@crosswalk/client'

import {
  findTodo,
  type NumberedTodo,
  type Plan,
  planSentence,
  type Product,
  type ToolCall,
} from './planner.ts'
import { describeRefusal, type Refusal } from './refusal.ts'
import { scrubText } from './scrub.ts'
import { ToolFailed, withTools } from './tools.ts'

export interface Answer extends Refusal {
  readonly kind: 'said' | 'listed' | 'refused'
  readonly items?: readonly { readonly text: string; readonly done?: boolean }[]
  /** The tools that a model called */
  readonly tools?: readonly ToolLine[]
  /** Refusals while a model was answering */
  readonly refusals?: readonly Refusal[]
}

export interface ToolLine {
  readonly name: string
  readonly failed: boolean
}

export interface AnswerContext {
  readonly session: AgentSession
  readonly servers: Readonly<Record<Product, string>>
  /** Called with errors that are not refusals: a server that is down, a bug */
  onFault(error: unknown): void
  /** Receives the text of a model as it arrives */
  onText?(text: string): void
  /** Called with each tool that a model calls */
  onTool?(name: string): void
}

export const EXAMPLES = [
  'list my todos',
  'add buy milk',
  'finish 1',
  'what are my notes',
  'add note hello',
] as const

export async function answerSentence(sentence: string, context: AnswerContext): Promise<Answer> {
  const plan = planSentence(sentence)
  const [product, tool] = findTarget(plan)
  try {
    return await carryOut(plan, context)
  } catch (error) {
    if (error instanceof ToolFailed) return said(`${product} says: ${scrubText(error.message)}`)
    const refusal = describeRefusal(error, product, tool)
    if (refusal !== undefined) return { kind: 'refused', ...refusal }
    context.onFault(error)
    return { kind: 'refused', text: `${product} did not respond correctly. Please try again later.` }
  }
}

function findTarget(plan: Plan): readonly [Product, ToolCall['tool']] {
  return plan.kind === 'call' ? [plan.call.product, plan.call.tool] : ['Todo0', 'add_todo']
}

function carryOut(plan: Plan, context: AnswerContext): Promise<Answer> | Answer {
  switch (plan.kind) {
    case 'help':
      return said(`I manage your todos in Todo0 and read your notes in Notes0. Try: ${EXAMPLES.join(' · ')}.`)
    case 'unclear':
      return said('I did not understand that. Write "help" to see what I can do.')
    case 'finish':
      return finish(plan.which, context)
    case 'call':
      return call(plan.call, context)
  }
}

async function call(toolCall: ToolCall, { session, servers }: AnswerContext): Promise<Answer> {
  const { product, tool, scope } = toolCall
  const result = await withTools(session, { url: servers[product], scope }, (tools) =>
    tools.call(tool, toolCall.arguments),
  )
  switch (tool) {
    case 'list_todos':
      return listTodos(readTodos(result))
    case 'list_notes':
      return listNotes(readTexts(result['notes']))
    case 'add_todo':
      return said(`I added "${toolCall.arguments['title']}" to your todos.`)
    case 'add_note':
      return said('I wrote that down in your notes.')
  }
}

async function finish(which: Parameters<typeof findTodo>[0], context: AnswerContext): Promise<Answer> {
  const target = { url: context.servers.Todo0, scope: ['todos.read', 'todos.write'] }
  return await withTools(context.session, target, async (tools) => {
    const todo = findTodo(which, readTodos(await tools.call('list_todos', {})))
    if (todo === undefined)
      return said('I am not sure which todo you mean. "list my todos" shows their numbers.')
    if (todo.done) return said(`"${todo.title}" is already finished.`)
    await tools.call('finish_todo', { id: todo.id })
    return said(`I finished "${todo.title}".`)
  })
}

function listTodos(todos: readonly NumberedTodo[]): Answer {
  if (todos.length === 0) return said('You have no todos.')
  const open = todos.filter(({ done }) => !done).length
  const items = todos.map(({ title, done }) => ({ text: title, done }))
  return { kind: 'listed', text: `You have ${count(todos.length, 'todo')}, ${open} of them open:`, items }
}

function listNotes(texts: readonly string[]): Answer {
  if (texts.length === 0) return said('You have no notes.')
  return {
    kind: 'listed',
    text: `You have ${count(texts.length, 'note')}:`,
    items: texts.map((text) => ({ text })),
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function said(text: string): Answer {
  return { kind: 'said', text }
}

/** Servers are not trusted to send the right shape. */
function readTodos(result: Readonly<Record<string, unknown>>): readonly NumberedTodo[] {
  return readObjects(result['todos']).map(({ id, title, done }) => ({
    id: String(id),
    title: scrubText(String(title)),
    done: done === true,
  }))
}

function readTexts(value: unknown): readonly string[] {
  return readObjects(value).map(({ text }) => scrubText(String(text)))
}

function readObjects(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value)
    ? value.filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null)
    : []
}
