export function readPack(bytes: Buffer): Map<string, Buffer>
export function zipOf(files: ReadonlyMap<string, Uint8Array>): Buffer
export function verifyPack(
  files: ReadonlyMap<string, Uint8Array>,
  options?: { readonly key?: string },
):
  | { readonly ok: true; readonly key: string; readonly entries: number; readonly checkpoints: number }
  | { readonly ok: false; readonly words: string }
