export { explainForeignModel } from './explain-foreign-model.node.ts'
export { fileSystem, loadModel, saveModel } from './file-system.node.ts'
export * from './index.ts'
