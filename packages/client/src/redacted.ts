// Keeps tokens out of logs, errors and JSON: reading the text takes an explicit call.

/**
 * A secret text. Prints as `[redacted]` where it is logged or serialised, and throws where it would become part of another
 * text: `[redacted]` in a header looks sent, and is only found when the server refuses it.
 */
export class Redacted {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself; hand it on, never log it. */
  reveal(): string {
    return this.#text
  }

  toString(): never {
    throw new TypeError('a secret is not a string: call reveal() for its text')
  }

  toJSON(): string {
    return '[redacted]'
  }

  /** What `console.log` of Node.js, Deno and Bun prints. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]'
  }
}

const TOKEN_LIKE = /[A-Za-z0-9_~+/=-]{24,}(\.[A-Za-z0-9_~+/=-]*)*/g

/**
 * Makes a text from another server fit for errors and logs: whatever could be a token is cut out, since servers
 * are known to echo what they were sent.
 */
export function redactText(text: string, maximumLength = 200): string {
  return text
    .slice(0, 4096)
    .replace(TOKEN_LIKE, '[redacted]')
    .replace(/[^\x20-\x7e]/g, ' ')
    .slice(0, maximumLength)
}
