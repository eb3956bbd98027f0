// Interprets a sentence by fixed rules, where a language model would choose a tool. Decides on the tool and its
// arguments; makes no calls and handles no tokens.

export type Product = 'Todo0' | 'Notes0'

export type Plan =
  | { readonly kind: 'help' }
  | { readonly kind: 'unclear' }
  | { readonly kind: 'call'; readonly call: ToolCall }
  /** The todo is given by number or words; the list determines which one it is. */
  | { readonly kind: 'finish'; readonly which: TodoReference }

export interface ToolCall {
  readonly product: Product
  readonly tool: 'list_todos' | 'add_todo' | 'list_notes' | 'add_note'
  readonly arguments: Readonly<Record<string, string>>
  /** The minimum that the tool needs */
  readonly scope: readonly string[]
}

export type TodoReference = { readonly number: number } | { readonly words: string }

const MAX_SENTENCE_LENGTH = 500

const POLITE = /^(?:(?:please|can you|could you|would you|hey|hi|agent0)[\s,]+)+/i
const ADD_NOTE =
  /^(?:add|write|take|make|create)\s+(?:a\s+|the\s+)?(?:new\s+)?note\b[\s:,-]*(?:that\s+|saying\s+)?(.*)$/i
const ADD_TODO =
  /^(?:add|create|new|remember(?:\s+to)?|todo:?)\s+(?:a\s+)?(?:(?:new\s+)?(?:todo|task)\b[\s:,-]*)?(.+)$/i
const FINISH =
  /^(?:finish|complete|close|tick(?:\s+off)?|check(?:\s+off)?|done(?:\s+with)?|mark)\s+(?:the\s+)?(?:todo\s+|task\s+)?(.+?)(?:\s+(?:as\s+)?(?:done|finished))?$/i
const LIST_TODOS = /\b(?:todos?|tasks?|to-dos?)\b/i
const LIST_NOTES = /\bnotes?\b/i
const HELP = /^(?:help|\?|what can you do|hello|hi|hey)\b/i
const ADD_TO_TODO_LIST = /\s+(?:to|on)\s+my\s+(?:todos?|to-dos?|tasks?|list|todo list)$/i

export function planSentence(sentence: string): Plan {
  const text = sentence
    .slice(0, MAX_SENTENCE_LENGTH)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.!?]+$/, '')
  if (text === '' || HELP.test(text)) return { kind: 'help' }
  const asked = text.replace(POLITE, '')
  return planAdding(asked) ?? planFinishing(asked) ?? planListing(asked) ?? { kind: 'unclear' }
}

function planAdding(text: string): Plan | undefined {
  const note = ADD_NOTE.exec(text)?.[1]
  if (note !== undefined) {
    const call = { product: 'Notes0', tool: 'add_note', scope: ['notes.write'] } as const
    return note === '' ? { kind: 'unclear' } : { kind: 'call', call: { ...call, arguments: { text: note } } }
  }
  const title = ADD_TODO.exec(text)?.[1]?.replace(ADD_TO_TODO_LIST, '')
  if (title === undefined) return undefined
  const call = { product: 'Todo0', tool: 'add_todo', scope: ['todos.write'] } as const
  return { kind: 'call', call: { ...call, arguments: { title } } }
}

function planFinishing(text: string): Plan | undefined {
  const which = FINISH.exec(text)?.[1]
  if (which === undefined) return undefined
  const number = /^(?:number\s+|no\.?\s*|#)?(\d{1,4})$/i.exec(which)?.[1]
  return { kind: 'finish', which: number === undefined ? { words: which } : { number: Number(number) } }
}

function planListing(text: string): Plan | undefined {
  if (LIST_NOTES.test(text)) {
    const call = { product: 'Notes0', tool: 'list_notes', arguments: {}, scope: ['notes.read'] } as const
    return { kind: 'call', call }
  }
  if (!LIST_TODOS.test(text)) return undefined
  const call = { product: 'Todo0', tool: 'list_todos', arguments: {}, scope: ['todos.read'] } as const
  return { kind: 'call', call }
}

export interface NumberedTodo {
  readonly id: string
  readonly title: string
  readonly done: boolean
}

/** @param todos - in display order, numbered from 1; @returns the match, or undefined unless there is exactly one */
export function findTodo(which: TodoReference, todos: readonly NumberedTodo[]): NumberedTodo | undefined {
  if ('number' in which) return todos[which.number - 1]
  const words = which.words.toLowerCase()
  const exact = todos.filter(({ title }) => title.toLowerCase() === words)
  const open = todos.filter(({ title, done }) => !done && title.toLowerCase().includes(words))
  const found = exact.length > 0 ? exact : open
  return found.length === 1 ? found[0] : undefined
}
