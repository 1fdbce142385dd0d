export * from './index.ts'
export * from './make-folder.node.ts'
export * from './plain-file.node.ts'
export * from './whole-file.node.ts'
