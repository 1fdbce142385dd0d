export { type Allowance, type ByteFile, collect } from './byte-file.ts'
export * from './credits.ts'
export { type CsvTable, CsvTableReader, type CsvTableSink, parseCsvTable } from './csv-table.ts'
export * from './describe-dataset.ts'
export { filePieces } from './file-pieces.node.ts'
export * from './idx.ts'
export * from './idx-dataset.ts'
export * from './image-folder.node.ts'
export * from './image-table.ts'
export { cacheRoot, type LoadMnistOptions, loadMnist } from './load-mnist.node.ts'
export * from './load-options.ts'
export { type LoadSignLanguageOptions, loadSignLanguage } from './load-sign-language.node.ts'
export type { Mnist } from './mnist.ts'
export {
  type ReadSignLanguageOptions,
  type ReadSignLanguagePartsOptions,
  readSignLanguage,
  readSignLanguageParts,
} from './read-sign-language.ts'
export { SIGN_LANGUAGE_CLASS_NAMES, type SignLanguage } from './sign-language-data.ts'
export { isZip, readZip, type ZipMember } from './zip.ts'
