export { fileSystem, loadModel, saveModel } from './file-system.node.ts'
export * from './index.ts'
