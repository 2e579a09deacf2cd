import { type ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { Icon } from "./icons";

interface DropZoneProps {
  label: string;
  hint?: ComponentChildren;
  /** Folders of files rather than one file. */
  folders?: boolean;
  onFiles: (files: File[]) => void;
  onDrop: (transfer: DataTransfer) => void;
  disabled?: boolean;
}

/** Takes files by drop, click or keyboard: within it is a plain file input. */
export function DropZone({ label, hint, folders, onFiles, onDrop, disabled }: DropZoneProps) {
  const id = useId();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!disabled && event.dataTransfer) onDrop(event.dataTransfer);
  };
  return (
    <div
      class={over ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        id={id}
        type="file"
        class="cover"
        disabled={disabled}
        accept={folders ? undefined : "image/*"}
        {...(folders ? { webkitdirectory: true, multiple: true } : {})}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <label for={id}>
        <Icon name="upload" />
        <span>{label}</span>
      </label>
      {hint && <p class="muted small">{hint}</p>}
    </div>
  );
}
