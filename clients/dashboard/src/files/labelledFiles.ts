/** An image and the class whose folder it lay in. */
export interface LabelledFile {
  file: File;
  label: string;
}

export interface LabelledSet {
  files: LabelledFile[];
  /** What was passed over: no image, or in no folder. */
  ignored: number;
}

const images = /\.(jpe?g|png|webp|gif|bmp)$/i;

/** From a chosen folder: a file's class is the folder that it lies in. */
export function fromChosen(list: Iterable<File>): LabelledSet {
  return sorted([...list].map((file) => ({ file, label: parentOf(file.webkitRelativePath) })));
}

/** From a drop of folders. The items must be taken in the event itself, before anything is awaited. */
export async function fromDropped(transfer: DataTransfer): Promise<LabelledSet> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found = await Promise.all(entries.map((entry) => walk(entry, "")));
  return sorted(found.flat());
}

export function classesOf(files: readonly LabelledFile[]): string[] {
  return [...new Set(files.map(({ label }) => label))].sort((a, b) => a.localeCompare(b));
}

async function walk(entry: FileSystemEntry, parent: string): Promise<LabelledFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, label: parent }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const children: FileSystemEntry[] = [];
  // A reader gives a hundred entries at a time, and none at the end.
  for (;;) {
    const more = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (more.length === 0) break;
    children.push(...more);
  }
  return (await Promise.all(children.map((child) => walk(child, entry.name)))).flat();
}

function sorted(found: LabelledFile[]): LabelledSet {
  const files = found
    .filter(({ file, label }) => label !== "" && images.test(file.name))
    .sort((a, b) => a.label.localeCompare(b.label) || a.file.name.localeCompare(b.file.name));
  return { files, ignored: found.length - files.length };
}

function parentOf(path: string): string {
  return path.split("/").at(-2) ?? "";
}
