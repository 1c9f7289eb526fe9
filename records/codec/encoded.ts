/** The content of an artifact file that a thread has made already. */
export class Encoded {
  constructor(readonly chunks: Uint8Array[]) {}
}
