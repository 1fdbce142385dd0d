/** Bytes of a thread's record. */
export const CONTEXT_BYTES = 64
