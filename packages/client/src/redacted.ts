// Keeps tokens out of logs, errors and JSON: reading the text requires an explicit call.

/**
 * A secret text. It prints as `[redacted]` when logged or serialized, and throws when converted to a string:
 * `[redacted]` in a header would only be noticed when the server refuses it.
 */
export class Redacted {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself; pass it on, but never log it. */
  reveal(): string {
    return this.#text
  }

  toString(): never {
    throw new TypeError('a secret is not a string: call reveal() for its text')
  }

  toJSON(): string {
    return '[redacted]'
  }

  /** The output of `console.log` in Node.js, Deno and Bun. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]'
  }
}

/** Codes such as `insufficient_user_authentication`: words of letters alone, as no random token is. */
const ERROR_CODE = /^[a-z]{1,20}(_[a-z]{1,20}){1,5}$/
const TOKEN_LIKE = /[A-Za-z0-9_~+/=-]{24,}(\.[A-Za-z0-9_~+/=-]*)*/g

/**
 * Makes another server's text safe for errors and logs: removes whatever could be a token, since some servers echo what
 * they were sent.
 */
export function redactText(text: string, maximumLength = 200): string {
  return text
    .slice(0, 4096)
    .replace(TOKEN_LIKE, (found) => (ERROR_CODE.test(found) ? found : '[redacted]'))
    .replace(/[^\x20-\x7e]/g, ' ')
    .slice(0, maximumLength)
}

const MAX_LINE = 2048

/** @returns the text without line breaks and other characters that a log or terminal would act on, and not too long */
export function toOneLine(text: string): string {
  return text.slice(0, MAX_LINE).replace(/\p{C}+/gu, ' ')
}
