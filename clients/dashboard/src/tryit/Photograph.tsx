import { useEffect, useRef, useState } from "preact/hooks";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/icons";
import { ErrorNote, Loading } from "../ui/parts";

// A phone's own camera does better than a picture in a page. Over plain HTTP from another machine there is no camera either.
const hasOwnCamera = () => matchMedia("(pointer: coarse)").matches || !navigator.mediaDevices;

/** Takes a photograph: by the phone's camera, or by one at the desk. */
export function Photograph({ onPhoto }: { onPhoto: (file: File) => void }) {
  const [open, setOpen] = useState(false);
  if (hasOwnCamera()) return <ByPhone onPhoto={onPhoto} />;
  return (
    <>
      <button type="button" class="block" onClick={() => setOpen(true)}>
        <Icon name="camera" />
        <span>Take a photograph</span>
      </button>
      {open && (
        <CameraDialog
          onClose={() => setOpen(false)}
          onPhoto={(file) => {
            setOpen(false);
            onPhoto(file);
          }}
        />
      )}
    </>
  );
}

function ByPhone({ onPhoto }: { onPhoto: (file: File) => void }) {
  return (
    <label class="button block">
      <Icon name="camera" />
      <span>Take a photograph</span>
      <input
        class="visually-hidden"
        type="file"
        accept="image/*"
        capture="environment"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onPhoto(file);
          event.currentTarget.value = "";
        }}
      />
    </label>
  );
}

function CameraDialog({ onPhoto, onClose }: { onPhoto: (file: File) => void; onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [ready, setReady] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let closed = false;
    const start = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: true });
      if (closed) return stop(stream);
      video.current!.srcObject = stream;
      await video.current!.play();
      setReady(true);
    };
    start().catch((failure) => closed || setError(failure));
    return () => {
      closed = true;
      if (stream) stop(stream);
    };
  }, []);
  const take = () => {
    const { videoWidth: width, videoHeight: height } = video.current!;
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    canvas.getContext("2d")!.drawImage(video.current!, 0, 0);
    canvas.toBlob((blob) => blob && onPhoto(new File([blob], "photograph.jpg", { type: blob.type })), "image/jpeg", 0.92);
  };
  return (
    <Dialog title="Take a photograph" onClose={onClose}>
      <div class="stack">
        {!ready && !error && <Loading what="the camera" />}
        <video ref={video} class="preview" hidden={!ready} muted playsInline aria-label="What the camera sees" />
        <ErrorNote error={error && new Error(`The camera cannot be used: ${(error as Error).message}.`)} />
        <div class="actions end">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="button" class="primary" disabled={!ready} onClick={take}>
            Take it
          </button>
        </div>
      </div>
    </Dialog>
  );
}

function stop(stream: MediaStream) {
  for (const track of stream.getTracks()) track.stop();
}
