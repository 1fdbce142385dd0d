/** How far the download of one file has come. */
export interface DownloadProgress {
  /** The file's name without `.gz`. */
  readonly file: string
  readonly loadedBytes: number
  readonly totalBytes?: number
}

/** What every loader takes, in Node and in the browser. */
export interface LoadOptions {
  /**
   * Addresses to download from, in the order in which they are tried: folders (`https://host/mnist/`), or patterns with
   * `{file}` in the place of the file's name. An empty list downloads nothing.
   */
  readonly mirrors?: readonly string[] | undefined
  /** Called for every piece of a download that arrives. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
  /** Told of what went wrong without stopping the load: an unwritable cache, a damaged copy that was replaced. */
  readonly onWarning?: ((message: string) => void) | undefined
  /** Stops the load with a GichoError `aborted`; what was downloaded is kept for the next time where it can be. */
  readonly signal?: AbortSignal | undefined
  /** A mirror that gives no byte for this long is given up for the next. Default 30,000. */
  readonly stallTimeoutMs?: number | undefined
}
