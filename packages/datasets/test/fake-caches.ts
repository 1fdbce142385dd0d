/** The part of the Cache API that is used, in memory. */
export function fakeCaches(files: Map<string, Uint8Array<ArrayBuffer>>): unknown {
  const cache = {
    async match(key: string): Promise<Response | undefined> {
      const bytes = files.get(key)
      return bytes && new Response(bytes)
    },
    async put(key: string, response: Response): Promise<void> {
      files.set(key, new Uint8Array(await response.arrayBuffer()))
    },
    delete: async (key: string): Promise<boolean> => files.delete(key),
  }
  return { open: async () => cache }
}

/** A Cache API that refuses everything, as private windows and full disks do. */
export function refusingCaches(): unknown {
  return {
    open: async () => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    },
  }
}
