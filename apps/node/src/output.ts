import { fstatSync } from 'node:fs'
import { fileErrorCode, writeFullySync } from '@gicho/core'
import type { OutputStream } from './terminal/screen.ts'

/** A stream of the process of which it is known whether all that was written has reached its end. */
export interface Output extends OutputStream {
  /** Why something couldn't be written; undefined while all could, or after the reader had left. */
  readonly failure: unknown
  /** Resolves when everything written so far has left the process. */
  drained(): Promise<void>
}

/**
 * Standard output or error. Whoever reads it may stop reading (`gicho list | head -1`): a run goes on and is saved. Everything else that
 * keeps it from being written is a failure; nothing more is written after the first.
 *
 * A file is written by ourselves: Node takes it for written when the disk took a part of it.
 */
export function outputOf(stream: NodeJS.WriteStream & { readonly fd: number }): Output {
  let failure: unknown
  let hasReader = true
  const fail = (error: unknown): void => {
    if (fileErrorCode(error) === 'EPIPE') hasReader = false
    else failure ??= error
  }
  stream.on('error', fail)
  const isFile = stream.isTTY !== true && isFileOrDevice(stream.fd)
  return {
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns
    },
    getColorDepth: (env) => stream.getColorDepth(env),
    write(text) {
      if (failure !== undefined || !hasReader) return
      if (!isFile) {
        stream.write(text)
        return
      }
      try {
        writeFullySync(stream.fd, Buffer.from(text))
      } catch (error) {
        fail(error)
      }
    },
    get failure() {
      return failure
    },
    drained: () =>
      isFile || stream.destroyed ? Promise.resolve() : new Promise((done) => stream.write('', () => done())),
  }
}

function isFileOrDevice(fd: number): boolean {
  try {
    const found = fstatSync(fd)
    return found.isFile() || found.isCharacterDevice()
  } catch {
    return false // it was closed before we began: the stream says so
  }
}
