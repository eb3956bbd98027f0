export * from './create-resource-as.ts'
export * from './ports.ts'
export * from './security-events/received-withdrawals.ts'
