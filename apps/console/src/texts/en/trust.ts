// English texts of this area.
export const trustTexts = {} as const
