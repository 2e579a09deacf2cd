import { useEffect, useState } from "preact/hooks";

const shownMs = 5000;
const told = new EventTarget();

/** A line that says what was done; read out too, and gone by itself. */
export function tell(text: string) {
  told.dispatchEvent(new CustomEvent("tell", { detail: text }));
}

export function Toasts() {
  const [text, setText] = useState("");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const show = (event: Event) => {
      setText((event as CustomEvent<string>).detail);
      clearTimeout(timer);
      timer = setTimeout(() => setText(""), shownMs);
    };
    told.addEventListener("tell", show);
    return () => {
      told.removeEventListener("tell", show);
      clearTimeout(timer);
    };
  }, []);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {text && <p>{text}</p>}
    </div>
  );
}
