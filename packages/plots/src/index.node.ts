import './node-document.node.ts'

export * from './index.ts'
