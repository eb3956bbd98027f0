// The pages of this area; see `navigation/page-entry.ts`.
import type { PageEntry } from '../../navigation/page-entry.ts'

export const appPages: readonly PageEntry[] = []
