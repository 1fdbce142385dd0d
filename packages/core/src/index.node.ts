export * from './index.ts'
export * from './plain-file.node.ts'
