// English texts of this area.
export const startTexts = {} as const
