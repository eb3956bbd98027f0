export * from './create-resource-as.ts'
export * from './ports.ts'
