export interface ArtifactFile {
  /** Relative to the root of the run's artifacts, with `/`. */
  readonly path: string;
  readonly isFolder: boolean;
  /** Bytes; null for folders. */
  readonly size: number | null;
}

/** What is written: whole, in parts, or as it comes in. */
export type ArtifactData = string | Uint8Array | readonly Uint8Array[] | AsyncIterable<Uint8Array>;

/** The artifacts of one run. Paths are relative, with `/`; nothing outside the folder is read or written. */
export interface ArtifactFolder {
  readonly uri: string;
  /** Children of a folder, sorted by name; empty for a file or nothing. */
  list(path?: string): Promise<ArtifactFile[]>;
  /** @throws TrackingError where there is no such file. */
  read(path: string): Promise<Uint8Array>;
  /** Replaces the file whole: readers see the old or the new one. Chunks are written one behind the other. */
  write(path: string, data: ArtifactData): Promise<void>;
  /** Removes a file, or a folder with all that is in it. @throws TrackingError where there is nothing. */
  remove(path: string): Promise<void>;
  /** Copies a local file, or a folder's content, below `path`. */
  upload(localPath: string, path?: string): Promise<void>;
  /** Copies a file or folder into the local folder `target`; returns the local path. */
  download(path: string, target: string): Promise<string>;
  /** The local path of a file or folder, where artifacts are local files; else null. */
  localPath(path?: string): string | null;
}
