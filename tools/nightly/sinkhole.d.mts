export function watchNetwork(
  command: readonly string[],
  options?: { readonly cwd?: string; readonly strace?: boolean; readonly timeoutMs?: number },
): Promise<{ code: number | null; output: string; asked: string[]; connections: string[] }>
