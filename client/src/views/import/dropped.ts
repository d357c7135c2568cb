import type { Chosen } from '../../api/upload.ts'

/** Files of a drop, folders walked; browsers hand out a folder's entries in batches until an empty one. */
export async function droppedFiles(transfer: DataTransfer): Promise<Chosen[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  if (entries.length === 0) return chosenFiles(transfer.files)
  const found: Chosen[] = []
  const waiting: FileSystemEntry[] = [...entries]
  for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
    if (entry.isFile) found.push(await fileOf(entry as FileSystemFileEntry))
    else if (entry.isDirectory) waiting.push(...(await entriesOf(entry as FileSystemDirectoryEntry)))
  }
  return found
}

/** Files of a file input; a chosen folder gives their paths in it. */
export const chosenFiles = (files: Iterable<File>): Chosen[] =>
  [...files].map((file) => ({ name: file.webkitRelativePath || file.name, file }))

const fileOf = (entry: FileSystemFileEntry): Promise<Chosen> =>
  new Promise((resolve, reject) =>
    entry.file((file) => resolve({ name: entry.fullPath.replace(/^\//, ''), file }), reject),
  )

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (batch.length === 0) return all
    all.push(...batch)
  }
}
