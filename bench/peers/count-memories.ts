/** Watches the WebAssembly memories that this thread makes from now on. The function gives the bytes of those still in use. */
export function countMemories(): () => number {
  const memories: WeakRef<WebAssembly.Memory>[] = []
  const keep = (memory: WebAssembly.Memory): void => {
    memories.push(new WeakRef(memory))
  }
  WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
    construct(target, [descriptor]: [WebAssembly.MemoryDescriptor]) {
      const memory = new target(descriptor)
      keep(memory)
      return memory
    },
  })
  return () => memories.reduce((total, memory) => total + (memory.deref()?.buffer.byteLength ?? 0), 0)
}
