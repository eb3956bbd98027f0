// Reads the form of a request, whichever way it came: with files or without.
import type { Context } from 'hono'

/** May be called more than once for one request. */
export async function readForm(c: Context): Promise<FormData | URLSearchParams> {
  const isMultipart = c.req.header('content-type')?.startsWith('multipart/form-data') === true
  return isMultipart ? readMultipart(c) : new URLSearchParams(await c.req.text())
}

async function readMultipart(c: Context): Promise<FormData> {
  try {
    return await c.req.formData()
  } catch {
    // The sender cut the body short: treat it as empty.
    return new FormData()
  }
}
