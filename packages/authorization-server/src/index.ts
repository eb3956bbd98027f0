export * from './audit-event.ts'
export * from './ports.ts'
