/** Most names that are read of an archive; a model's file has fewer where it matters. */
const MOST = 1000
const END_BYTES = 22
const ENTRY_BYTES = 46

/**
 * The names in a zip archive, from the directory at its end (APPNOTE 4.3.12, 4.3.16).
 *
 * @param tail the archive's last bytes, or all of them; names whose entry lies before them are left out
 */
export function zipNames(tail: Uint8Array): string[] {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength)
  let end = tail.length - END_BYTES
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--
  if (end < 0) return []
  const names: string[] = []
  // The directory ends where its end record begins, so its place in the tail is known without the archive's length.
  let at = Math.max(0, end - view.getUint32(end + 12, true))
  while (at + ENTRY_BYTES <= end && names.length < MOST && view.getUint32(at, true) === 0x02014b50) {
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true))
    const start = at + ENTRY_BYTES
    names.push(new TextDecoder().decode(tail.subarray(start, start + (name ?? 0))))
    at = start + (name ?? 0) + (extra ?? 0) + (comment ?? 0)
  }
  return names
}
