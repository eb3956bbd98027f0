// Reads the form of a request, with or without files.
import type { Context } from 'hono'

/** Can be called repeatedly for the same request. */
export async function readForm(c: Context): Promise<FormData | URLSearchParams> {
  const isMultipart = c.req.header('content-type')?.startsWith('multipart/form-data') === true
  return isMultipart ? readMultipart(c) : new URLSearchParams(await c.req.text())
}

async function readMultipart(c: Context): Promise<FormData> {
  try {
    return await c.req.formData()
  } catch {
    // The body is truncated: treat it as empty.
    return new FormData()
  }
}
