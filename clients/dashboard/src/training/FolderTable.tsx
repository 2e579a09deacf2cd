import { useEffect, useMemo } from "preact/hooks";
import { classesOf, type LabelledFile } from "../files/labelledFiles";
import { count } from "../ui/format";
import { Badge } from "../ui/parts";

const shown = 5;

/** The classes of a folder, with a few images of each. */
export function FolderTable({ files, known }: { files: readonly LabelledFile[]; known: string[] | null }) {
  return (
    <ul class="folders" aria-label="Classes found">
      {classesOf(files).map((label) => (
        <Folder key={label} label={label} files={files.filter((file) => file.label === label)} isKnown={known === null || known.includes(label)} />
      ))}
    </ul>
  );
}

function Folder({ label, files, isKnown }: { label: string; files: LabelledFile[]; isKnown: boolean }) {
  const urls = useMemo(() => files.slice(0, shown).map(({ file }) => URL.createObjectURL(file)), [files[0], files.length]);
  useEffect(() => () => urls.forEach((url) => URL.revokeObjectURL(url)), [urls]);
  return (
    <li>
      <div class="folder-name">
        <span>{label}</span>
        <span class="muted num">{count(files.length)}</span>
      </div>
      <div class="thumbs">
        {urls.map((url) => (
          <img key={url} src={url} alt="" width="40" height="40" />
        ))}
      </div>
      {!isKnown && <Badge tone="bad">not a class of this task</Badge>}
    </li>
  );
}
