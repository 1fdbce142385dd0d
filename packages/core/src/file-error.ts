import { messageOf } from './errors.ts'

/** What Node's file-system codes mean to a person who isn't a programmer. */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is nothing of that name',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'you lack the permission',
  EPERM: 'the system forbids it',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EFBIG: 'the file is larger than the disk takes',
  EROFS: 'the disk is read-only',
  EIO: 'the disk failed',
  EMFILE: 'too many files are open at once',
  ENFILE: 'too many files are open at once',
  ELOOP: 'its links go in a circle, or a link stands where none may',
  ENAMETOOLONG: 'the name is too long',
  EBUSY: 'another program uses it',
  ETXTBSY: 'another program runs it',
  EEXIST: 'something of that name is there already',
  ENOTEMPTY: "the folder isn't empty",
  ENXIO: "it is a socket, or a device that isn't there",
  ESTALE: 'the network drive has lost it',
  ENODEV: 'there is no such device',
  ENOMEM: 'the memory is full',
}

/** The `code` of a file-system error, as Node sets it; undefined for other errors. */
export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/**
 * Why the file system refused, in words that end a sentence: `the disk is full`. What has no known code is told in the
 * error's own words.
 */
export function fileErrorWords(error: unknown): string {
  return WORDS[fileErrorCode(error) ?? ''] ?? messageOf(error).replace(/\.$/, '')
}
