import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fakeWheel, temporaryFolder } from '../test/fake-machine.ts'
import { checkOneCopy } from './one-copy.node.ts'
import { setupFolder } from './setup-folder.node.ts'
import { libraryPath, platformName, readRecord, recordText, type SetupRecord, whyStale } from './setup-record.node.ts'

function finished(): { folder: string; record: SetupRecord } {
  const folder = temporaryFolder()
  for (const part of ['native', 'node_modules']) mkdirSync(join(folder, part))
  const wheel = { version: '2.21.0', folder: fakeWheel(), libraryBytes: 'library'.length, cuda: '12.5.1' }
  const record = {
    ...{ folder, platform: platformName(), gpu: false, python: '/usr/bin/python3', wheel },
    ...{ tfjsNode: '4.22.0', compiler: 'c++ 12', node: 'v24.0.0' },
  }
  writeFileSync(join(folder, 'setup.json'), recordText(record))
  return { folder, record }
}

test('a record is read as it was written, and is no longer usable once something under it has changed', () => {
  const { folder, record } = finished()
  expect(readRecord(folder)).toEqual(record)
  expect(whyStale(record, folder)).toBeUndefined()
  expect(whyStale(record, temporaryFolder())).toContain('was moved or copied from')
  expect(whyStale({ ...record, platform: 'linux-s390x' }, folder)).toContain('was set up for linux-s390x')
  writeFileSync(libraryPath(record.wheel.folder), 'another library')
  expect(whyStale(record, folder)).toContain('is no longer the 2.21.0 that the binding was built for')
  const gone = { ...record, wheel: { ...record.wheel, folder: '/not/there' } }
  expect(whyStale(gone, folder)).toContain('TensorFlow 2.21.0 is gone from /not/there')
})

test('a folder without a record is no setup, and a broken record says so', () => {
  const folder = temporaryFolder()
  expect(readRecord(folder)).toBeUndefined()
  expect(readRecord(join(folder, 'not-there'))).toBeUndefined()
  for (const text of ['', '{', '[]', '{"format": 2}', '{"format": 1, "folder": 3}']) {
    writeFileSync(join(folder, 'setup.json'), text)
    expect(() => readRecord(folder), text).toThrow('Run: npx --no gicho-tensorflow setup')
  }
})

test('the folder is the variable’s, else among the user’s data', () => {
  expect(setupFolder({ GICHO_TENSORFLOW_DIR: '/big/tf' }, 'linux')).toBe('/big/tf')
  expect(setupFolder({ XDG_DATA_HOME: '/data' }, 'linux')).toBe('/data/gicho/tensorflow')
  expect(setupFolder({}, 'darwin')).toMatch(/Library\/Application Support\/gicho\/tensorflow$/)
})

test('another version of tfjs-core, and a second copy, are refused with the command that mends it', () => {
  expect(() => checkOneCopy('4.21.0', [])).toThrow('npm install @tensorflow/tfjs-core@4.22.0')
  expect(() => checkOneCopy('4.22.0', ['/a/tf-core.node.js', '/b/tf-core.node.js'])).toThrow('Run: npm dedupe')
  expect(() => checkOneCopy('4.22.0', ['/a/tf-core.node.js'])).not.toThrow()
})
