// Downloads content as a file, without a request.
interface SavedFile {
  readonly name: string
  /** Media type */
  readonly type: string
  readonly content: string
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
