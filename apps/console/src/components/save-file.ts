// Downloads content as a file, without a request.
import { showDone, showFailed } from './toasts.tsx'

interface SavedFile {
  readonly name: string
  /** Media type */
  readonly type: string
  readonly content: string | Blob
}

export function saveFile({ name, type, content }: SavedFile): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

/** @returns the current time for a file name */
export function fileStamp(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(':', '')
}

/** Reads a document and saves it, and tells how that went. */
export async function saveJson(name: string, read: () => Promise<unknown>, done: string): Promise<void> {
  try {
    saveFile({ name, type: 'application/json', content: JSON.stringify(await read(), null, 2) })
    showDone({ message: done })
  } catch (error) {
    showFailed(error)
  }
}
